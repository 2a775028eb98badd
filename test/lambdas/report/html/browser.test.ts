import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type { ScenarioResult } from '../../../../lambdas/report/report.schema.ts';
import { openBrowser } from '../../../support/browser/chromium.ts';
import { accessibilityProblems, openPage, overflow, type Scheme, type Screen } from '../../../support/browser/look.ts';
import { fragileMemory, resilientCrash } from '../../analysis/support/host-stories.ts';
import { controlRun, fragileDatabase, resilientCache } from '../../analysis/support/stories.ts';
import { reportOn } from '../support/sample-report.ts';

jest.setTimeout(120_000);

const stories = [controlRun, fragileDatabase, resilientCache, fragileMemory, resilientCrash];
const sample = reportOn(stories);

const folder = mkdtempSync(join(tmpdir(), 'faultline-html-'));
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function urlOf(html: string, name = 'report.html'): string {
  writeFileSync(join(folder, name), html);
  return pathToFileURL(join(folder, name)).href;
}

describe.each<[Screen, Scheme]>([
  ['phone', 'light'],
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
])('on a %s in %s', (screen, scheme) => {
  test('the report opens without an error, asks for nothing, fits, and is accessible', async () => {
    const { page, problems, requests } = await openPage(browser, urlOf(sample.html), screen, scheme);
    expect(problems).toEqual([]);
    expect(requests).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect(await overflow(page)).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.close();
  });
});

/** Where the picture has its phases and marks, on the screen, and what its list says of them. */
const marksOn = (page: Page, scenario: string, panel: string) =>
  page.$eval(
    `[data-scenario="${scenario}"]`,
    (section, panel) => {
      const chart = section.querySelector(`[data-panel="${panel}"]`)!;
      const box = (e: Element) => e.getBoundingClientRect();
      return {
        marks: [...chart.querySelectorAll('[data-mark]')].map((g) => ({
          id: g.getAttribute('data-mark')!,
          number: g.querySelector('text')!.textContent,
          at: Number(g.getAttribute('data-at')),
          x: box(g.querySelector('line')!).left,
        })),
        phases: [...chart.querySelectorAll('[data-phase]')].map((r) => ({
          id: r.getAttribute('data-phase')!,
          left: box(r).left,
          right: box(r).right,
        })),
        listed: [...section.querySelectorAll('.marks li')].map((li) => li.textContent!),
      };
    },
    panel,
  );

test.each(['throughput', 'errors', 'latency', 'health'])(
  'the picture of %s has its marks and phases where they were in time',
  async (panel) => {
    const { page } = await openPage(browser, urlOf(sample.html), 'desktop');
    const { marks, phases, listed } = await marksOn(page, 'database-failure', panel);
    const truth = sample.truths[1]!;
    const timeline = sample.timelines[1]!;
    expect(marks.map((m) => m.id)).toEqual(['inject', 'symptom', 'landed', 'revert', 'gone', 'recovered']);
    expect(marks.map((m) => m.number)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(listed).toHaveLength(6);
    expect(listed[5]).toMatch(/users were served as before: RTO \d/);
    const x = (id: string) => marks.find((m) => m.id === id)!.x;
    const phase = (id: string) => phases.find((p) => p.id === id)!;
    // The held phase begins when the fault has landed and ends with the revert.
    expect(Math.abs(phase('fault').left - x('landed'))).toBeLessThan(1);
    expect(Math.abs(phase('fault').right - x('revert'))).toBeLessThan(1);
    expect(Math.abs(phase('recovery').left - x('revert'))).toBeLessThan(1);
    // One scale for all: seconds to the right are pixels to the right.
    const perSecond = (x('revert') - x('landed')) / (timeline.phases.fault!.end - timeline.phases.fault!.start);
    for (const m of marks) expect(Math.abs(m.x - x('landed') - (m.at - truth.landed) * perSecond)).toBeLessThan(1);
    expect(Math.abs(x('recovered') - x('revert') - (truth.recovered - truth.revert) * perSecond)).toBeLessThan(
      1.2 * perSecond,
    );
    await page.close();
  },
);

test('the lines go where the figures are: no requests fail before the fault, and all of them during it', async () => {
  const { page } = await openPage(browser, urlOf(sample.html), 'desktop');
  const shape = await page.$eval('[data-scenario="database-failure"] [data-panel="errors"]', (chart) => {
    const points = [
      ...chart
        .querySelector('.series')!
        .getAttribute('d')!
        .matchAll(/([\d.]+),([\d.]+)/g),
    ];
    const fault = chart.querySelector('[data-phase="fault"]')!;
    const at = (name: string) => Number(fault.getAttribute(name));
    const [left, right] = [at('x'), at('x') + at('width')];
    const seen = points.map(([, x, y]) => ({ x: Number(x), y: Number(y) }));
    const ys = (from: number, to: number) => seen.filter((p) => p.x > from && p.x < to).map((p) => p.y);
    return { top: at('y'), bottom: at('y') + at('height'), before: ys(0, left - 20), during: ys(left + 5, right - 5) };
  });
  expect(shape.before.length).toBeGreaterThan(5);
  for (const y of shape.before) expect(y).toBe(shape.bottom);
  for (const y of shape.during) expect(y).toBe(shape.top);
  await page.close();
});

test('a behaviour is unfolded by the keyboard, and shows its evidence', async () => {
  const { page } = await openPage(browser, urlOf(sample.html), 'phone');
  const evidence = sample.report.scenarios.find((s) => s.id === 'database-failure')!.behaviours[0]!.evidence;
  const first = (await page.$('[data-scenario="database-failure"] details:has(b) summary'))!;
  const shown = () =>
    page.$eval('[data-scenario="database-failure"] details:has(b) dd:last-of-type', (dd) => ({
      text: dd.textContent,
      height: (dd as HTMLElement).checkVisibility({ contentVisibilityAuto: true }),
    }));
  expect((await shown()).height).toBe(false);
  await first.focus();
  await page.keyboard.press('Enter');
  expect(await shown()).toEqual({ text: evidence, height: true });
  await page.close();
});

test('what an application answers cannot become part of the page', async () => {
  const hostile = `</pre></details><script>document.title='taken'</script><img src=http://127.0.0.1:9/x onerror="document.title='taken'"> " onload='x' <!-- \${x} </style>`;
  const change = (to: string) => (r: ScenarioResult) => ({
    ...r,
    reason: to,
    fault: { ...r.fault, proof: to, goneProof: to },
    behaviours: r.behaviours.map((b) => ({ ...b, evidence: to })),
    metrics: r.metrics.map((m) => ({ ...m, rule: to, before: { ...m.before, display: to } })),
    issues: [{ text: to, evidence: to }],
    recommendations: [{ priority: 'P0' as const, text: to, evidence: to }],
    execution: r.execution.map((e) => ({ ...e, what: to, command: to })),
    monitoring: r.monitoring.map((m) => ({ ...m, command: to, before: to })),
    tools: [to],
  });
  const elements = async (text: string) => {
    const { page, problems, requests } = await openPage(
      browser,
      urlOf(reportOn([fragileDatabase], change(text)).html, 'hostile.html'),
      'desktop',
    );
    const seen = {
      count: await page.evaluate(() => [...document.querySelectorAll('*')].map((e) => e.tagName).join(' ')),
      shown: await page.evaluate((t) => document.body.textContent!.split(t).length - 1, text),
      title: await page.title(),
      problems,
      requests,
    };
    await page.close();
    return seen;
  };
  const [harmless, tried] = [await elements('harmless words'), await elements(hostile)];
  expect(tried.shown).toBe(harmless.shown);
  expect(tried.shown).toBeGreaterThan(20);
  expect(tried).toEqual({ ...harmless, shown: tried.shown });
});

test('even mark-up that got into it could run nothing and load nothing', async () => {
  const injected = sample.html.replace(
    '<main',
    `<script>document.title='taken'</script><img src="http://127.0.0.1:9/x"><p style="color: red" id="styled">x</p><main`,
  );
  const { page, problems } = await openPage(browser, urlOf(injected, 'injected.html'), 'desktop');
  expect(await page.title()).toMatch(/^Failure scenarios/);
  expect(problems.filter((p) => /Content Security Policy/.test(p)).length).toBeGreaterThanOrEqual(3);
  await page.close();
});

test('on paper everything is unfolded, and dark turns to light', async () => {
  const { page } = await openPage(browser, urlOf(sample.html), 'desktop', 'dark');
  await page.emulateMediaType('print');
  const paper = await page.evaluate(() => ({
    page: getComputedStyle(document.body).backgroundColor,
    folded: [...document.querySelectorAll('details dd, details li')].filter(
      (e) => !e.checkVisibility({ contentVisibilityAuto: true }),
    ).length,
  }));
  expect(paper).toEqual({ page: 'rgb(255, 255, 255)', folded: 0 });
  await page.close();
});
