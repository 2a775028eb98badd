import { clockTime, count, milliseconds, percent, secondsText } from '../analysis/format.ts';
import type { MetricCell, MetricRowResult, ScenarioResult, Score } from './report.schema.ts';

/** What a report says of a run beside its tables: plain text, which each form of the report marks up. */
export interface Line {
  label: string;
  text: string;
}

export function setupLines(r: ScenarioResult): Line[] {
  const { setup: s, phases } = r;
  const held = phases.fault ? `, held ${secondsText(phases.fault.end - phases.fault.start)}` : '';
  return [
    {
      label: 'Baseline Load',
      text: `${s.users} concurrent users (${s.spawnRate} started a second, ${s.workers} load workers)`,
    },
    { label: 'Failure Trigger', text: s.trigger },
    { label: 'Duration', text: `${s.seconds.fault} s planned${held}` },
    { label: 'Recovery', text: s.recovery },
    ...s.notes.map((text) => ({ label: 'Note', text })),
    { label: 'Hypothesis', text: s.hypothesis },
    { label: 'Phases', text: phaseTimes(r) },
  ];
}

function phaseTimes({ phases, fault }: ScenarioResult): string {
  const times = (['baseline', 'fault', 'recovery', 'after'] as const).map((p) => {
    if (phases[p]) return `${p} ${clockTime(phases[p].start)} to ${clockTime(phases[p].end)}`;
    return `${p} ${p === 'recovery' && fault.landed === null ? 'none' : 'not reached'}`;
  });
  return times.join('; ');
}

/** The calls as they were sent, as lines of a shell's comments and commands. */
export function executionLines({ execution: steps, runId }: ScenarioResult): string[] {
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
export function figuresLine(m: MetricRowResult): Line {
  const cells = (['before', 'during', 'after'] as const).flatMap((c) => cellFigures(c, m[c]) ?? []);
  const omission = m.coordinatedOmission ? `; corrected for coordinated omission: ${m.coordinatedOmission}` : '';
  return { label: m.label, text: `${m.rule}${cells.length ? `; ${cells.join('; ')}` : ''}${omission}` };
}

function cellFigures(name: string, { n, percentiles, corrected }: MetricCell): string | null {
  if (n === null) return null;
  const parts = [percentiles && intervalsText(percentiles), corrected && intervalsText(corrected, 'corrected ')].filter(
    Boolean,
  );
  return [`${name} n = ${count(n)}`, ...parts].join(', ');
}

function intervalsText(percentiles: NonNullable<MetricCell['percentiles']>, of = ''): string | null {
  const intervals = (['p50', 'p95', 'p99'] as const).flatMap((q) => {
    const p = percentiles[q];
    return p && p.low !== null && p.high !== null ? [`${q} [${milliseconds(p.low)}, ${milliseconds(p.high)}]`] : [];
  });
  return intervals.length > 0 ? `${of}${intervals.join(', ')} ms` : null;
}

/** "8.4 [8.1, 8.6]"; without an interval the value alone. */
export const pointsText = (value: number, interval: Score['overallInterval'], unit = ''): string =>
  `${value.toFixed(1)}${unit}${interval ? ` [${interval.low.toFixed(1)}, ${interval.high.toFixed(1)}]` : ''}`;

/** What a score is made of. */
export function scoreText({ gracefulDegradation: g, recoveryTime: r, errorHandling: e, coverage }: Score): string {
  const parts = `graceful degradation from ${g.basis}; recovery time: ${r.basis}; error handling from ${e.basis}`;
  return `${parts}; coverage ${Math.round(coverage * 100)} %`;
}

/** Fault, recovery, data and load generator. */
export const outcomeLines = (r: ScenarioResult): Line[] => [
  faultLine(r),
  recoveryLine(r),
  ...dataLines(r),
  generatorLine(r),
];

function faultLine({ fault }: ScenarioResult): Line {
  if (fault.landed === null) return { label: 'Fault', text: 'none was injected' };
  const landed = `${fault.landed ? 'landed' : 'not proven to have landed'} (${fault.proof})`;
  return { label: 'Fault', text: `${landed}; ${fault.gone ? 'gone' : 'not proven to be gone'} (${fault.goneProof})` };
}

function recoveryLine({ rto, rtoReason }: ScenarioResult): Line {
  if (!rto) return { label: 'Recovery', text: `not measured: ${rtoReason ?? ''}` };
  const part = (name: string, s: number | null) => `${name} ${s === null ? 'not seen' : secondsText(s)}`;
  const parts = [
    rto.detect === null ? 'no symptom seen by users or the health check' : part('detected after', rto.detect),
    part('restore', rto.restore),
    part('drain', rto.drain),
    part('whole user-visible outage', rto.outage),
  ];
  return { label: 'Recovery', text: `RTO ${rto.text}; ${parts.join(', ')}` };
}

const dataLines = ({ rpo }: ScenarioResult): Line[] =>
  rpo.map((r) => ({ label: `Data, ${r.class}`, text: `RPO ${r.text}` }));

function generatorLine({ generator: g }: ScenarioResult): Line {
  const ms = (v: number | null) => (v === null ? 'not reported' : `${milliseconds(v)} ms`);
  const share = (v: number | null) => (v === null ? 'not reported' : percent(v));
  const figures =
    `${g.workers} of ${g.expectedWorkers} workers, ${count(g.requests)} requests in the windows, ` +
    `${g.locustRequests === null ? 'no count of its own' : `${count(g.locustRequests)} by Locust's own count`}, ` +
    `CPU at most ${share(g.cpuMax)}, late by at most ${ms(g.lagMaxMs)}, ` +
    `workers not heard of for at most ${ms(g.silenceMaxMs)}, clocks apart by at most ${ms(g.clockDistanceMs)}`;
  return { label: 'Load generator', text: `${g.healthy ? 'healthy' : 'NOT healthy'} (${figures})` };
}
