import { failureReason } from '../game-day/failure-reason.ts';
import type { BehaviourResult, Rpo, Rto } from '../report/report.schema.ts';
import type { RunEvent, Verdict } from '../runs/run.ts';
import type { Facts } from './facts.ts';
import { targetText } from './format.ts';
import type { Veto } from './vetoes.ts';

export interface Judgement {
  verdict: Verdict;
  /** One plain sentence. */
  reason: string;
}

interface Findings {
  vetoes: Veto[];
  rto: Rto | null;
  rpo: Rpo[];
  behaviours: BehaviourResult[];
}

/** ABORTED before ERROR before INVALID: what stopped the run explains more than what is therefore missing. */
export function judge(facts: Facts, found: Findings): Judgement {
  const { run, events } = facts.evidence;
  const stop = run.stopRequested ?? stopEvent(events);
  if (stop) return { verdict: 'ABORTED', reason: `Stopped by ${stop.by}: ${stop.reason}.` };
  const error = events.find((e) => e.type === 'error');
  if (error) return { verdict: 'ERROR', reason: `The run itself failed: ${errorText(error)}.` };
  if (found.vetoes.length > 0) return { verdict: 'INVALID', reason: sentence(found.vetoes.map((v) => v.text)) };
  const short = shortfalls(found);
  if (short.length > 0) return { verdict: 'FAIL', reason: sentence(short) };
  return { verdict: 'PASS', reason: passed(found) };
}

function stopEvent(events: readonly RunEvent[]): { reason: string; by: string } | null {
  const stop = events.find((e) => e.type === 'stop');
  return stop ? { reason: String(stop.detail.reason), by: String(stop.detail.by) } : null;
}

function errorText({ detail: { state, error, cause } }: RunEvent): string {
  const text = String(cause ?? '');
  // A Lambda's cause is JSON with its own name for the error; any other stands beside the state machine's.
  const what = text.startsWith('{') ? [failureReason(text)] : [error, cause];
  return [state && `state ${state}`, ...what].filter(Boolean).map(String).join(', ');
}

function shortfalls({ rto, rpo, behaviours }: Findings): string[] {
  const { targetSeconds, met } = rto ?? { targetSeconds: null, met: null };
  return [
    ...(targetSeconds !== null && met !== true
      ? [
          `RTO ${rto!.text} ${met === false ? 'misses' : 'is not shown to meet'} its target of ${targetText(targetSeconds)}`,
        ]
      : []),
    ...rpo
      .filter((r) => r.seconds !== null && r.met !== true)
      .map((r) => `RPO of ${r.class} ${r.text} is not shown to meet its target of ${targetText(r.targetSeconds)}`),
    ...behaviourShortfalls(behaviours),
  ];
}

function behaviourShortfalls(behaviours: readonly BehaviourResult[]): string[] {
  const required = behaviours.filter((b) => b.required);
  const short = required.filter((b) => b.observed !== 'yes' && b.observed !== 'not-applicable');
  if (short.length === 0) return [];
  const named = short.map((b) => `${b.label} (${observedText[b.observed]})`);
  return [`${short.length} of ${required.length} required behaviours fell short: ${named.join(', ')}`];
}

const observedText: Record<BehaviourResult['observed'], string> = {
  yes: 'observed',
  no: 'not observed',
  partly: 'only partly observed',
  unknown: 'not measured',
  'not-applicable': 'not applicable',
};

function passed({ rto, rpo, behaviours }: Findings): string {
  const measured = rpo.filter((r) => r.seconds !== null).length;
  const required = behaviours.filter((b) => b.required).length;
  const parts = [
    ...(rto?.targetSeconds ? [`RTO ${rto.text} within its target of ${targetText(rto.targetSeconds)}`] : []),
    ...(measured ? [`RPO within its target for ${measured} of ${rpo.length} classes of data`] : []),
    ...(required ? [`all ${required} required behaviours observed`] : []),
  ];
  return sentence(parts);
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ').replace(/\.(?=;|$)/g, '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
