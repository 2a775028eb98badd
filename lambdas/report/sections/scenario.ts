import { isConclusive } from '../../runs/run.ts';
import { blocks, bold, bullets, codeBlock, plain, table } from '../markdown.ts';
import { observationMark, statusMark, verdictMark } from '../marks.ts';
import type { BehaviourResult, MetricRowResult, ScenarioResult } from '../report.schema.ts';
import { executionLines, figuresLine, type Line, outcomeLines, setupLines } from '../run-lines.ts';

/** The section of one scenario that was run. */
export function scenarioSection(heading: string, r: ScenarioResult): string {
  return blocks(
    `## ${plain(heading)}`,
    `${bold(`Verdict: ${verdictMark[r.verdict]}`)}. ${plain(r.reason ?? '')}`,
    '### Test Setup',
    bullets(setupLines(r).map(labelled)),
    '### Execution',
    codeBlock(executionLines(r)),
    '### Results',
    resultsTable(r.setup.columns, r.metrics),
    bullets(r.metrics.map(figuresLine).map(labelled)),
    '### System Behavior',
    bullets(r.behaviours.map(behaviourLine)),
    bullets(outcomeLines(r).map(labelled)),
    '### Issues Identified',
    bullets(r.issues.length ? r.issues.map((i) => `${plain(i.text)} (${plain(i.evidence)})`) : [noIssue(r)]),
    '### Recommendations',
    bullets(
      r.recommendations.length
        ? r.recommendations.map((x) => `${bold(x.priority)} ${plain(x.text)} (${plain(x.evidence)})`)
        : ['None'],
    ),
  );
}

const labelled = ({ label, text }: Line) => `${bold(label)}: ${plain(text)}`;

/** Of a run that says nothing of the target, that nothing was observed would be a claim. */
export const noIssue = (r: ScenarioResult) =>
  isConclusive(r) ? 'None observed' : `Not known: the run is ${r.verdict}`;

export const resultsTable = (columns: readonly string[], rows: readonly MetricRowResult[]): string =>
  table(
    ['Metric', ...columns, 'Status'],
    rows.map((m) => [m.label, m.before.display, m.during.display, m.after.display, statusMark[m.status]]),
  );

export const behaviourLine = (b: BehaviourResult): string =>
  `${bold(b.label)}: ${observationMark[b.observed]}: ${plain(b.evidence)} ` +
  `(expected: ${plain(b.expected)}${b.required ? '; required' : ''})`;
