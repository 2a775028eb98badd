import { targetText } from '../analysis/format.ts';
import { html } from '../report/html/safe-html.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import { rpoCell, rtoCell } from '../report/sections/at-a-glance.ts';
import type { Run } from '../runs/run.ts';
import { scenarioIds } from '../scenarios/scenario.ts';

/** A run with what it came to; null where it left no result. */
export interface Latest {
  run: Run;
  result: ScenarioResult | null;
}

/** Of each target and scenario the latest run that has ended, by target and in the order of the report. */
export function latestRuns(newestFirst: readonly Run[]): Run[] {
  const latest = new Map<string, Run>();
  for (const run of newestFirst) {
    const key = `${run.targetId} ${run.scenario}`;
    if (run.verdict !== null && !latest.has(key)) latest.set(key, run);
  }
  const place = (run: Run) => scenarioIds.indexOf(run.scenario);
  return [...latest.values()].sort((a, b) => a.targetId.localeCompare(b.targetId) || place(a) - place(b));
}

/** The table of the scorecard, as CloudWatch shows what a custom widget answers: mark-up without scripts. */
export function scorecardTable(latest: readonly Latest[]): string {
  if (latest.length === 0) return html`<p>No run has ended yet.</p>`.text;
  const rows = latest.map(({ run, result }) => {
    const rtoTarget = result?.rto?.targetSeconds ?? null;
    return html`<tr><th scope="row">${run.scenario}</th><td>${run.targetId}</td><td><b>${run.verdict}</b></td>
<td>${result ? rtoCell(result) : 'no result'}${rtoTarget === null ? null : ` (target ${targetText(rtoTarget)})`}</td>
<td>${result ? rpoCell(result) : 'no result'}</td><td>${result?.score?.overall?.toFixed(1) ?? 'none'}</td>
<td>${new Date((run.endedAt ?? run.createdAt) * 1000).toISOString().slice(0, 16).replace('T', ' ')}</td><td>${run.verdictReason}</td></tr>\n`;
  });
  return html`<table><thead><tr>${columns.map((c) => html`<th scope="col">${c}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`.text;
}

const columns = [
  'Scenario',
  'Target',
  'Verdict',
  'RTO',
  'RPO (lost acknowledged writes)',
  'Score of 10',
  'Ended (UTC)',
  'Why',
];

export const scorecardDescription = `### Latest run of each scenario
Verdict, RTO and RPO with their targets, and score of the latest run that has ended, of each target and scenario. It has no
parameters.`;
