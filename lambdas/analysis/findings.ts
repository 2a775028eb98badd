import type { BehaviourResult, Finding, MetricRowResult, Recommendation, Rpo, Rto } from '../report/report.schema.ts';
import type { Verdict } from '../runs/run.ts';
import { isConclusive } from '../runs/run.ts';
import { advice, rowAdvice } from './advice.ts';
import { count, secondsText, targetText } from './format.ts';
import type { Veto } from './vetoes.ts';

export interface Findings {
  issues: Finding[];
  strengths: Finding[];
  weaknesses: Finding[];
  risks: Finding[];
  recommendations: Recommendation[];
}

export interface Observations {
  scenario: string;
  /** Control: what is as expected is no strength, only a deviation is worth a line. */
  control: boolean;
  verdict: Verdict;
  vetoes: Veto[];
  metrics: MetricRowResult[];
  behaviours: BehaviourResult[];
  rto: Rto | null;
  rpo: Rpo[];
}

const none = (): Findings => ({ issues: [], strengths: [], weaknesses: [], risks: [], recommendations: [] });

/** Everything the report concludes. Each sentence comes from one rule and names its evidence: no rule, no sentence. */
export function findingsOf(seen: Observations): Findings {
  const rules = isConclusive(seen) ? conclusive : inconclusive;
  const all = rules.map((rule) => rule(seen));
  const merged = none();
  for (const key of Object.keys(merged) as (keyof Findings)[]) {
    (merged[key] as Finding[]).push(...all.flatMap((f) => f[key] ?? []));
  }
  return merged;
}

type Rule = (seen: Observations) => Partial<Findings>;

/** A run that was stopped, failed itself, or whose evidence does not hold, supports no conclusion but that. */
const inconclusive: readonly Rule[] = [
  ({ scenario, verdict }) => ({
    risks: [
      { text: `Nothing can be concluded for this failure: the run is ${verdict}.`, evidence: `${scenario}/verdict` },
    ],
  }),
  ({ scenario, verdict, vetoes }) =>
    verdict === 'INVALID'
      ? {
          recommendations: [
            {
              priority: 'P2',
              text: `Repeat the run: ${vetoes.map((v) => v.text).join('; ')}.`,
              evidence: vetoes.map((v) => `${scenario}/invalid/${v.id}`).join(', '),
            },
          ],
        }
      : {},
];

const conclusive: readonly Rule[] = [
  ({ scenario, behaviours, control }) => collect(behaviours.map((b) => behaviourFindings(scenario, b, control))),
  ({ scenario, rto }) => rtoFindings(scenario, rto),
  ({ scenario, rpo }) => collect(rpo.map((r) => rpoFindings(scenario, r))),
  ({ scenario, rpo, control }) => (control ? {} : kept(scenario, rpo)),
  ({ scenario, metrics, control }) => (control ? {} : collect(metrics.map((m) => metricFindings(scenario, m)))),
];

function collect(parts: Partial<Findings>[]): Findings {
  const merged = none();
  for (const part of parts) {
    for (const key of Object.keys(part) as (keyof Findings)[]) (merged[key] as Finding[]).push(...(part[key] ?? []));
  }
  return merged;
}

function behaviourFindings(scenario: string, b: BehaviourResult, control: boolean): Partial<Findings> {
  const evidence = `${scenario}/behaviours/${b.id}`;
  const { observed, label, expected } = b;
  if (observed === 'yes') return control ? {} : { strengths: [{ text: `${label}: ${b.evidence}.`, evidence }] };
  if (observed === 'not-applicable') return {};
  if (observed === 'unknown') {
    return { risks: [{ text: `${label} is not known: ${b.evidence}.`, evidence }] };
  }
  const text = `${label}${observed === 'partly' ? ' (in part)' : ''}: expected "${expected}", observed ${b.evidence}.`;
  const priority = observed === 'no' ? (b.required ? 'P0' : 'P1') : b.required ? 'P1' : 'P2';
  const remedy = advice[b.id];
  return {
    issues: [{ text, evidence }],
    weaknesses: [{ text, evidence }],
    recommendations: remedy ? [{ priority, text: remedy, evidence }] : [],
  };
}

function rtoFindings(scenario: string, rto: Rto | null): Partial<Findings> {
  if (!rto) return {};
  const evidence = `${scenario}/rto`;
  const target = rto.targetSeconds === null ? null : targetText(rto.targetSeconds);
  if (rto.met === true) {
    return { strengths: [{ text: `Recovery within the target of ${target}: ${rto.text}.`, evidence }] };
  }
  if (rto.met === false) {
    const text = `Recovery misses the target of ${target}: ${rto.text}.`;
    return {
      issues: [{ text, evidence }],
      weaknesses: [{ text, evidence }],
      recommendations: [{ priority: 'P0', text: `Bring the recovery within ${target}${slowest(rto)}.`, evidence }],
    };
  }
  if (!rto.censored) return {};
  const text = `Not back in steady state ${secondsText(rto.low)} after the ${rto.origin}${target ? `; whether it meets ${target} is not known` : ''}.`;
  return {
    issues: [{ text, evidence }],
    risks: [{ text, evidence }],
    recommendations: [{ priority: 'P1', text: 'Find out what keeps the system from its steady state.', evidence }],
  };
}

/** Where the time went, when that is known. */
function slowest({ restore, drain }: Rto): string {
  if (restore === null || drain === null) return '';
  const [what, time] = restore >= drain ? ['restoring the service', restore] : ['draining afterwards', drain];
  return `: ${what} took ${secondsText(time)}`;
}

function rpoFindings(scenario: string, r: Rpo): Partial<Findings> {
  const evidence = `${scenario}/rpo/${r.class}`;
  if (r.lost > 0 && r.seconds !== null) {
    const text =
      `Acknowledged writes were lost (${r.class}): ${count(r.lost)} of ${count(r.ackedWrites)}, ` +
      `the oldest ${secondsText(r.seconds)} old${r.censored ? ' or more' : ''}; the target is ${targetText(r.targetSeconds)}.`;
    return {
      issues: [{ text, evidence }],
      weaknesses: [{ text, evidence }],
      risks: [{ text: `Data of class ${r.class} that users believe to be saved can be lost.`, evidence }],
      recommendations: [
        { priority: 'P0', text: `Acknowledge writes of class ${r.class} only when they are durable.`, evidence },
      ],
    };
  }
  if (r.seconds === null) {
    return r.ackedWrites === 0
      ? {}
      : { risks: [{ text: `Loss of data is not known (${r.class}): ${r.text}.`, evidence }] };
  }
  if (r.unreadable > 0) {
    return {
      risks: [{ text: `${count(r.unreadable)} acknowledged writes could not be read back (${r.class}).`, evidence }],
    };
  }
  return {};
}

/** One line for all classes: three alike would hide the rest. */
function kept(scenario: string, rpo: readonly Rpo[]): Partial<Findings> {
  const whole = rpo.filter((r) => r.seconds !== null && r.lost === 0 && r.unreadable === 0);
  if (whole.length === 0) return {};
  const figures = whole.map((r) => `${r.class} ${count(r.ackedWrites)}`).join(', ');
  return {
    strengths: [
      {
        text: `Every acknowledged write was found again (${figures}).`,
        evidence: whole.map((r) => `${scenario}/rpo/${r.class}`).join(', '),
      },
    ],
  };
}

function metricFindings(scenario: string, m: MetricRowResult): Partial<Findings> {
  // The recovery time speaks through the RTO.
  if (m.id === 'recovery-time') return {};
  const evidence = `${scenario}/metrics/${m.id}`;
  if (m.status === 'not-measured') {
    return { risks: [{ text: `${m.label} is not known: ${m.rule}.`, evidence }] };
  }
  if (m.status !== 'missed') return {};
  const text = `${m.label}: ${m.rule} (before ${m.before.display}, during ${m.during.display}, after ${m.after.display}).`;
  const remedy = rowAdvice[m.id];
  return {
    issues: [{ text, evidence }],
    weaknesses: [{ text, evidence }],
    recommendations: remedy ? [{ priority: 'P1', text: remedy, evidence }] : [],
  };
}
