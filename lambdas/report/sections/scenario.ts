import { clockTime, count, milliseconds, percent, secondsText } from '../../analysis/format.ts';
import { isConclusive } from '../../runs/run.ts';
import { blocks, bold, bullets, codeBlock, plain, table } from '../markdown.ts';
import { observationMark, statusMark, verdictMark } from '../marks.ts';
import type { BehaviourResult, MetricCell, MetricRowResult, ScenarioResult } from '../report.schema.ts';

/** The section of one scenario that was run. */
export function scenarioSection(heading: string, r: ScenarioResult): string {
  return blocks(
    `## ${plain(heading)}`,
    `${bold(`Verdict: ${verdictMark[r.verdict]}`)}. ${plain(r.reason ?? '')}`,
    '### Test Setup',
    setup(r),
    '### Execution',
    codeBlock(execution(r)),
    '### Results',
    resultsTable(r.setup.columns, r.metrics),
    bullets(r.metrics.map(figures)),
    '### System Behavior',
    bullets(r.behaviours.map(behaviourLine)),
    bullets([faultLine(r), recoveryLine(r), ...dataLines(r), generatorLine(r)]),
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

/** Of a run that says nothing of the target, that nothing was observed would be a claim. */
const noIssue = (r: ScenarioResult) => (isConclusive(r) ? 'None observed' : `Not known: the run is ${r.verdict}`);

export const resultsTable = (columns: readonly string[], rows: readonly MetricRowResult[]): string =>
  table(
    ['Metric', ...columns, 'Status'],
    rows.map((m) => [m.label, m.before.display, m.during.display, m.after.display, statusMark[m.status]]),
  );

function setup(r: ScenarioResult): string {
  const { setup: s, phases } = r;
  const held = phases.fault ? `, held ${secondsText(phases.fault.end - phases.fault.start)}` : '';
  return bullets([
    `${bold('Baseline Load')}: ${s.users} concurrent users (${s.spawnRate} started a second, ${s.workers} load workers)`,
    `${bold('Failure Trigger')}: ${plain(s.trigger)}`,
    `${bold('Duration')}: ${s.seconds.fault} s planned${held}`,
    `${bold('Recovery')}: ${plain(s.recovery)}`,
    ...s.notes.map((note) => `${bold('Note')}: ${plain(note)}`),
    `${bold('Hypothesis')}: ${plain(s.hypothesis)}`,
    `${bold('Phases')}: ${plain(phaseTimes(r))}`,
  ]);
}

function phaseTimes({ phases, fault }: ScenarioResult): string {
  const times = (['baseline', 'fault', 'recovery', 'after'] as const).map((p) => {
    if (phases[p]) return `${p} ${clockTime(phases[p].start)} to ${clockTime(phases[p].end)}`;
    return `${p} ${p === 'recovery' && fault.landed === null ? 'none' : 'not reached'}`;
  });
  return times.join('; ');
}

function execution({ execution: steps, runId }: ScenarioResult): string[] {
  return [
    `# run ${runId}; calls as they were sent, times in UTC`,
    ...steps.flatMap(({ at, what, command, requestId }, i) => [
      `# ${i + 1}. ${clockTime(at)} ${oneLine(what)}${requestId ? ` (request id ${requestId})` : ''}`,
      ...(command ? command.split('\n').map(oneLine) : []),
    ]),
  ];
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

/** What a row's cells leave out: sample sizes, intervals, the rule of the status. */
function figures(m: MetricRowResult): string {
  const cells = (['before', 'during', 'after'] as const).flatMap((c) => cellFigures(c, m[c]) ?? []);
  const omission = m.coordinatedOmission ? `; corrected for coordinated omission: ${m.coordinatedOmission}` : '';
  return `${bold(m.label)}: ${plain(`${m.rule}${cells.length ? `; ${cells.join('; ')}` : ''}${omission}`)}`;
}

function cellFigures(name: string, { n, percentiles }: MetricCell): string | null {
  if (n === null) return null;
  const intervals = percentiles
    ? (['p50', 'p95', 'p99'] as const).flatMap((q) => {
        const p = percentiles[q];
        return p && p.low !== null && p.high !== null ? [`${q} [${milliseconds(p.low)}, ${milliseconds(p.high)}]`] : [];
      })
    : [];
  return `${name} n = ${count(n)}${intervals.length ? `, ${intervals.join(', ')} ms` : ''}`;
}

export const behaviourLine = (b: BehaviourResult): string =>
  `${bold(b.label)}: ${observationMark[b.observed]}: ${plain(b.evidence)} ` +
  `(expected: ${plain(b.expected)}${b.required ? '; required' : ''})`;

function faultLine({ fault }: ScenarioResult): string {
  if (fault.landed === null) return `${bold('Fault')}: none was injected`;
  return (
    `${bold('Fault')}: ${fault.landed ? 'landed' : 'not proven to have landed'} (${plain(fault.proof)}); ` +
    `${fault.gone ? 'gone' : 'not proven to be gone'} (${plain(fault.goneProof)})`
  );
}

function recoveryLine({ rto, rtoReason }: ScenarioResult): string {
  if (!rto) return `${bold('Recovery')}: not measured: ${plain(rtoReason ?? '')}`;
  const part = (name: string, s: number | null) => `${name} ${s === null ? 'not seen' : secondsText(s)}`;
  const parts = [
    rto.detect === null ? 'no symptom seen by users or the health check' : part('detected after', rto.detect),
    part('restore', rto.restore),
    part('drain', rto.drain),
    part('whole user-visible outage', rto.outage),
  ];
  return `${bold('Recovery')}: RTO ${plain(rto.text)}; ${parts.join(', ')}`;
}

const dataLines = ({ rpo }: ScenarioResult): string[] =>
  rpo.map((r) => `${bold(`Data, ${r.class}`)}: RPO ${plain(r.text)}`);

function generatorLine({ generator: g }: ScenarioResult): string {
  const share = (v: number | null) => (v === null ? 'not reported' : percent(v));
  const figures =
    `${g.workers} of ${g.expectedWorkers} workers, ${count(g.requests)} requests in the windows, ` +
    `${g.locustRequests === null ? 'no count of its own' : `${count(g.locustRequests)} by Locust's own count`}, ` +
    `CPU at most ${share(g.cpuMax)}, late by at most ${g.lagMaxMs === null ? 'not reported' : `${count(g.lagMaxMs)} ms`}`;
  return `${bold('Load generator')}: ${g.healthy ? 'healthy' : 'NOT healthy'} (${plain(figures)})`;
}
