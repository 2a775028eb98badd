import type { Timeline } from '../../../analysis/timeline.ts';
import { scenarioById } from '../../../scenarios/registry.ts';
import type { BehaviourResult, MetricRowResult, Report, ScenarioResult } from '../../report.schema.ts';
import { executionLines, figuresLine, outcomeLines, setupLines } from '../../run-lines.ts';
import { noIssue } from '../../sections/scenario.ts';
import { badge, list, observationBadge, pairs, statusBadge, table, unfolded, verdictTone } from '../elements.ts';
import { type Html, html } from '../safe-html.ts';
import { timelineFigures } from '../timeline-figures.ts';
import { recommendation } from './overview.ts';

/** One scenario that was run. */
export function runSection(heading: string, r: ScenarioResult, timeline: Timeline | undefined): Html {
  return html`<section class="scenario" aria-labelledby="${r.id}" data-scenario="${r.id}"><h2 id="${r.id}">${heading}</h2>
<p>${badge(verdictTone[r.verdict], r.verdict)} ${r.reason ?? null}</p>
<p class="soft">${r.setup.hypothesis}</p>
<h3>Timeline</h3>
${timeline ? timelineFigures(timeline) : html`<p>There is no picture of it: its timeline was not kept.</p>`}
<h3>Results</h3>
${resultsTable(r.setup.shortTitle, r.setup.columns, r.metrics)}
${unfolded('Rules, sample sizes and confidence intervals', pairs(r.metrics.map(figuresLine)))}
<h3>System behavior</h3>
${r.behaviours.map(behaviour)}
<h3>Fault, recovery, data</h3>
${pairs(outcomeLines(r))}
<h3>Issues identified</h3>
${list(r.issues.length > 0 ? r.issues.map(({ text, evidence }) => html`${text} <span class="soft small">(${evidence})</span>`) : [noIssue(r)])}
<h3>Recommendations</h3>
${list(r.recommendations.length > 0 ? r.recommendations.map(recommendation) : ['None'])}
<h3>How it was done</h3>
${unfolded('Test setup', pairs(setupLines(r)))}
${unfolded('Execution: the calls as they were sent', html`<pre tabindex="0">${executionLines(r).join('\n')}</pre>`)}
</section>
`;
}

/** A scenario that was not: why, and what it would have measured. */
export const notRunSection = (heading: string, { id, reason, metrics, behaviours }: Report['notRun'][number]): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>
<p>${badge('calm', 'not run')} ${reason}.</p>
${unfolded(
  'What it measures',
  html`${resultsTable(scenarioById(id).shortTitle, ['Before', 'During', 'After'], metrics)}${list(behaviours.map((b) => html`<b>${b.label}</b>: not run (expected: ${b.expected})`))}`,
)}
</section>
`;

const resultsTable = (name: string, columns: readonly string[], rows: readonly MetricRowResult[]): Html =>
  table(
    `${name}: before, during and after`,
    ['Metric', ...columns, 'Status'],
    rows.map((m) => [m.label, m.before.display, m.during.display, m.after.display, statusBadge(m.status)]),
  );

const behaviour = ({ label, observed, expected, required, evidence }: BehaviourResult): Html =>
  unfolded(
    html`<b>${label}</b> ${observationBadge(observed)}${required ? html` <span class="soft small">required</span>` : null}`,
    pairs([
      { label: 'Expected', text: expected },
      { label: 'Evidence', text: evidence },
    ]),
  );
