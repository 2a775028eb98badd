import type { PhaseName, Run, RunEvent } from '../runs/run.ts';
import type { FaultSpec } from '../scenarios/scenario.ts';

export interface Span {
  start: number;
  end: number;
}

/** The times of a run that the analysis is built on; null where the run did not get there. */
export interface Phases {
  baseline: Span | null;
  /** From the proof that the fault landed (a crash: from the kill; control: from the start of the phase) to the revert request. */
  fault: Span | null;
  /** From the revert request to the end of the recovery phase. */
  recovery: Span | null;
  after: Span | null;
  injectAt: number | null;
  landedAt: number | null;
  /** When the kill of a crash was sent; null for every other fault. */
  killSentAt: number | null;
  goneAt: number | null;
  /** The revert request was sent between these two. */
  revert: { earliest: number; latest: number } | null;
  /** The load ran at least until then: the end of the last phase that is measured. */
  loadEnd: number | null;
  verified: boolean;
  /** The last phase that began. */
  reached: PhaseName | null;
}

/** A crash holds nothing: its clock starts at the kill, and what reverts it is the supervisor. */
export const isCrash = (fault: FaultSpec | null): boolean => fault?.id === 'process-kill';

const first = (events: readonly RunEvent[], type: RunEvent['type']) => events.find((e) => e.type === type);

export function phasesOf(run: Run, unordered: readonly RunEvent[], fault: FaultSpec | null): Phases {
  const events = [...unordered].sort((a, b) => a.at - b.at);
  const starts = events.filter((e) => e.type === 'phase');
  const lastAt = Math.max(run.endedAt ?? 0, events.at(-1)?.at ?? 0);
  const startOf = (name: PhaseName) => starts.find((e) => e.detail.phase === name)?.at ?? null;
  const spanOf = (name: PhaseName): Span | null => {
    const start = startOf(name);
    if (start === null) return null;
    return { start, end: starts.find((e) => e.at > start && e.detail.phase !== name)?.at ?? lastAt };
  };
  const landedAt = first(events, 'fault-landed')?.at ?? null;
  const revertAt = startOf('revert');
  const hold = spanOf('fault');
  const injectAt = startOf('inject');
  const killSentAt = isCrash(fault) && landedAt !== null ? (killCall(events, landedAt) ?? injectAt) : null;
  const holdStart = fault ? (killSentAt ?? landedAt) : (hold?.start ?? null);
  const holdEnd = revertAt ?? hold?.end ?? null;
  const recovery = spanOf('recovery');
  return {
    baseline: spanOf('baseline'),
    fault: holdStart !== null && holdEnd !== null && holdEnd > holdStart ? { start: holdStart, end: holdEnd } : null,
    recovery: recovery && { start: revertAt ?? recovery.start, end: recovery.end },
    after: spanOf('after'),
    injectAt,
    landedAt,
    killSentAt,
    goneAt: events.find((e) => e.type === 'fault-gone' && e.at >= (revertAt ?? Number.POSITIVE_INFINITY))?.at ?? null,
    revert: revertAt === null ? null : { earliest: revertAt, latest: revertCall(events, revertAt) ?? revertAt },
    loadEnd: (spanOf('after') ?? recovery ?? hold ?? spanOf('baseline'))?.end ?? null,
    verified: startOf('verify') !== null,
    reached: (starts.at(-1)?.detail.phase as PhaseName | undefined) ?? null,
  };
}

/** The first call of the revert that changes something: reading calls (Describe, List, Get) revert nothing. */
function revertCall(events: readonly RunEvent[], revertAt: number): number | null {
  const until = events.find((e) => e.at > revertAt && (e.type === 'phase' || e.type === 'fault-gone'))?.at;
  const call = events.find(
    (e) =>
      e.type === 'api-call' &&
      e.at >= revertAt &&
      e.at <= (until ?? Number.POSITIVE_INFINITY) &&
      !/^(Describe|List|Get)/.test(String(e.detail.operation)),
  );
  return call?.at ?? null;
}

/** The command that killed: other commands of the injection only look. */
function killCall(events: readonly RunEvent[], landedAt: number): number | null {
  const call = events.find(
    (e) => e.type === 'api-call' && e.at <= landedAt && /ProcessKill/.test(JSON.stringify(e.detail.parameters ?? '')),
  );
  return call?.at ?? null;
}
