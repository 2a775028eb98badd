import fc from 'fast-check';
import { html } from '../../../../lambdas/report/html/safe-html.ts';
import { controlRun, fragileCache, fragileDatabase, resilientDatabase } from '../../analysis/support/stories.ts';
import { reportOn } from '../support/sample-report.ts';

const { report, html: page, timelines } = reportOn([controlRun, fragileDatabase, fragileCache]);

/** Tags without the texts between them and in their attributes. */
const skeleton = (markup: string) => markup.replace(/"[^"]*"/g, '""').replace(/>[^<]+/g, '>');

test('a text stays a text, whatever is in it, in an element and in an attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const made = html`<p title="${text}">${[text, html`<b>${text}</b>`]}</p>`.text;
      expect(skeleton(made)).toBe('<p title=""><b></b></p>');
    }),
  );
  expect(html`${`<i>&"'`}`.text).toBe('&lt;i&gt;&amp;&quot;&#39;');
});

test('characters that are not seen, or that turn a text around, are shown as such', () => {
  expect(html`${'a\u202eb\u0000c\u001b[31m\td\u2066e'}`.text).toBe('a\uFFFDb\uFFFDc\uFFFD[31m\td\uFFFDe');
});

test('the same report gives the same page, to the byte', () => {
  expect(reportOn([controlRun, fragileDatabase, fragileCache]).html).toBe(page);
});

test('every figure of the tables is on it, and every scenario, run or not', () => {
  const texts = page
    .replaceAll('&#39;', "'")
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
  for (const { metrics, behaviours, recommendations, runId } of report.scenarios) {
    for (const m of metrics)
      for (const c of [m.before, m.during, m.after]) expect(texts).toContain(`<td>${c.display}</td>`);
    for (const b of behaviours) expect(texts).toContain(b.evidence);
    for (const r of recommendations) expect(texts).toContain(r.text);
    expect(texts).toContain(`# run ${runId};`);
  }
  for (const { id, reason } of report.notRun) expect(texts).toMatch(new RegExp(`id="${id}"[^]*?${reason}`));
  for (const row of [...report.summary.rto, ...report.summary.rpo]) expect(texts).toContain(`<td>${row.actual}</td>`);
});

test('a run whose timeline was not kept says so', () => {
  const { html: without } = { html: reportOn([resilientDatabase]).html };
  expect(without).not.toContain('its timeline was not kept');
});

test('a picture is small: it does not grow with the length of a run', () => {
  for (const { points } of timelines) expect(points).toBeLessThanOrEqual(600);
  expect(page.length).toBeLessThan(250_000);
});
