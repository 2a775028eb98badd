import { createHash } from 'node:crypto';
import type { Timeline } from '../../analysis/timeline.ts';
import { scenarioById } from '../../scenarios/registry.ts';
import type { ScenarioId } from '../../scenarios/scenario.ts';
import { documentScenarios } from '../document.ts';
import type { Report } from '../report.schema.ts';
import { type Html, html } from './safe-html.ts';
import { closing } from './sections/closing.ts';
import { heading, overview } from './sections/overview.ts';
import { notRunSection, runSection } from './sections/run.ts';
import { style } from './style.ts';

/** Nothing is loaded from anywhere and nothing runs: even a text that got out of its place could do nothing here. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/**
 * The report as one file that needs nothing else: for a browser, a telephone, a printer. Pure, as the Markdown is.
 * @param timelines of its runs, in any order
 */
export function renderHtml(report: Report, timelines: readonly Timeline[]): string {
  const sections: [id: ScenarioId, heading: string][] = [
    ['control', 'Control run (no fault)'],
    ...documentScenarios.map((id, i): [ScenarioId, string] => [id, `Scenario ${i + 1}: ${scenarioById(id).title}`]),
  ];
  const body = html`<a class="skip" href="#content">Skip to the results</a>
${heading(report)}<main id="content" tabindex="-1">
${overview(report)}
${contents(sections)}
${sections.map(([id, title]) => section(id, title, report, timelines))}${closing(report)}</main>
<footer>Made of the run's evidence by rule; the same evidence gives the same report. Times are UTC.</footer>
`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html`Failure scenarios: ${report.target.id}, ${new Date(report.startedAt * 1000).toISOString().slice(0, 10)}`.text}</title>
<style>${style}</style></head>
<body>
${body.text}</body></html>
`;
}

const contents = (sections: readonly [id: ScenarioId, heading: string][]): Html =>
  html`<nav aria-label="Contents"><h2>Contents</h2><ul>${[
    ...sections,
    ['summary', 'Summary'],
    ['recommendations', 'Recommendations'],
    ['next', 'Next steps'],
    ['appendix', 'Appendix'],
  ].map(([id, title]) => html`<li><a href="#${id!}">${title!}</a></li>`)}</ul></nav>`;

function section(id: ScenarioId, title: string, report: Report, timelines: readonly Timeline[]): Html {
  const result = report.scenarios.find((s) => s.id === id);
  if (result) {
    return runSection(
      title,
      result,
      timelines.find((t) => t.runId === result.runId),
    );
  }
  const entry = report.notRun.find((n) => n.id === id);
  if (!entry) throw new Error(`the report has neither a result nor a reason for ${id}`);
  return notRunSection(title, entry);
}
