import type { Rto } from '../report/report.schema.ts';
import type { Facts } from './facts.ts';
import { secondsText } from './format.ts';
import { firstBackInside } from './steady-state.ts';

/** The RTO of a run by the contract of the report; null with `facts.recovery.reason`. */
export function rtoOf(facts: Facts): Rto | null {
  const { recovery, evidence } = facts;
  const { rto, censoredAt, basis } = recovery;
  if (!rto && censoredAt === null) return null;
  const targetSeconds = evidence.scenario.targets.rtoSeconds;
  const low = rto ? rto.low : censoredAt!;
  const high = rto?.high ?? null;
  return {
    basis,
    origin: recovery.crash ? 'kill' : 'revert',
    seconds: rto?.seconds ?? null,
    low,
    high,
    censored: rto === null,
    ...parts(facts),
    targetSeconds,
    met: met(low, high, targetSeconds),
    text: rtoText(facts, low, high),
  };
}

/** Met only when even the high end is within the target; missed only when even the low end is beyond it. */
function met(low: number, high: number | null, target: number | null): boolean | null {
  if (target === null) return null;
  if (high !== null && high <= target) return true;
  // A censored RTO is above `low`, an exact one may equal it.
  return (high === null ? low >= target : low > target) ? false : null;
}

function rtoText({ recovery, evidence }: Facts, low: number, high: number | null): string {
  const back = recovery.basis === 'restore' ? restoredText(evidence.scenario.fault?.id) : 'back in steady state';
  if (high === null) return `> ${secondsText(low)} (not ${back} within the limit)`;
  const interval = `[${low.toFixed(1)}, ${high.toFixed(1)}]`;
  const figure = `${secondsText(recovery.rto!.seconds)} ${interval}`;
  return recovery.basis === 'restore' ? `no user-visible outage; ${back} after ${figure}` : figure;
}

/** What came back when users were served all along. */
function restoredText(faultId: string | undefined): string {
  if (faultId === 'ecs-service-stop') return 'service back';
  return faultId === 'process-kill' ? 'process back' : 'fault gone';
}

/**
 * `detect`: proof of the fault (a crash: the kill) to the first symptom that a health probe or the users saw (0 when it
 * was seen before the proof was complete). `restore`: origin to the proof that the fault is gone (a crash: to the start of
 * the new process), `drain`: from there to recovered; users that are served again before that end the restore, so that
 * both always add up to the RTO.
 */
function parts({ recovery, phases, seconds, band }: Facts): Pick<Rto, 'detect' | 'restore' | 'drain' | 'outage'> {
  const { origin, goneAt, outsideAt, healthSymptomAt, rto, crash } = recovery;
  const beginning = origin!.earliest;
  const affectedAt = outsideAt?.at ?? (crash && recovery.userVisible ? beginning : null);
  const symptoms = [affectedAt, healthSymptomAt].flatMap((t) => t ?? []);
  const first = symptoms.length ? Math.min(...symptoms) : null;
  const there = crash ? crash.startedAt : goneAt;
  const recoveredAt = recovery.userVisible ? rto && recovery.recoveredAt : crash ? crash.servedAt : goneAt;
  const restoredAt = there === null ? null : Math.min(there, recoveredAt ?? there);
  // Where users recovered while the fault was still held, their outage ended then.
  const endOfOutage = recovery.userVisible
    ? recoveredAt
    : affectedAt && (firstBackInside(seconds, band!, affectedAt)?.at ?? null);
  return {
    detect: first === null ? null : Math.max(0, first - (crash ? beginning : phases.landedAt!)),
    restore: restoredAt === null ? null : Math.max(0, restoredAt - beginning),
    drain:
      restoredAt === null || recoveredAt === null ? null : Math.max(0, recoveredAt - Math.max(restoredAt, beginning)),
    outage: affectedAt === null ? 0 : endOfOutage === null ? null : Math.max(0, endOfOutage - affectedAt),
  };
}
