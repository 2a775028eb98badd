import type { HostSample } from '../evidence/host-sample.ts';
import type { Sample } from '../evidence/sample.ts';
import { mostClockDistance } from './clock-distance.ts';
import { type Crash, crashOf } from './crash.ts';
import type { Evidence } from './evidence.ts';
import type { LoadSecond } from './load.ts';
import type { Phases } from './phases.ts';
import { recoveredAt } from './recovered-at.ts';
import { healthOf, probedAt } from './samples.ts';
import {
  type Excursion,
  firstBackInside,
  firstOutside,
  isOutsideAt,
  type Return,
  type SteadyBand,
} from './steady-state.ts';

export interface Interval {
  seconds: number;
  low: number;
  high: number;
}

/** Times in epoch seconds. What could not be told is null, never a made-up number. */
export interface Recovery {
  /** From what the RTO is counted: the revert request, or for a crash the kill. */
  origin: { earliest: number; latest: number } | null;
  /** When users were first affected. */
  outsideAt: Excursion | null;
  /** First failed health probe since the injection. */
  healthSymptomAt: number | null;
  /** Users were affected at the revert or after it; by a crash: at any time since. */
  userVisible: boolean;
  /** Back in steady state. */
  back: Return | null;
  /** The same more finely: where in the last second that was not clean. */
  recoveredAt: number | null;
  /** The recovered dependency: proof that connections are served again. */
  goneAt: number | null;
  /** Null where the fault was no crash. */
  crash: Crash | null;
  /** `steady-state` until users are served as before; `restore` when they always were. */
  basis: 'steady-state' | 'restore';
  rto: Interval | null;
  /** Not recovered within this many seconds. */
  censoredAt: number | null;
  /** Why there is neither an RTO nor a limit that it exceeds. */
  reason: string | null;
}

interface Input {
  evidence: Evidence;
  phases: Phases;
  seconds: LoadSecond[];
  samples: Sample[];
  hosts: HostSample[];
  band: SteadyBand | null;
}

/** How recovery is dated. docs/scoring.md has the definitions. */
export function recoveryOf(input: Input): Recovery {
  const { evidence, phases, band, seconds, samples } = input;
  const crash = crashOf(input);
  const none = (reason: string, origin: Recovery['origin'] = null): Recovery => ({
    origin,
    outsideAt: null,
    healthSymptomAt: symptom(samples, phases),
    userVisible: false,
    back: null,
    recoveredAt: null,
    goneAt: phases.goneAt,
    crash,
    basis: 'restore',
    rto: null,
    censoredAt: null,
    reason,
  });
  if (!evidence.scenario.fault) return none('the scenario injects no fault');
  if (phases.landedAt === null) return none('the fault was not proven to have landed');
  const origin = crash ? crash.killed : phases.revert;
  if (!origin) return none('the fault was never reverted');
  if (!phases.recovery) return none('the run ended before its recovery phase', origin);
  if (!band) return none('without a steady baseline there is nothing to return to', origin);

  const from = Math.floor(phases.injectAt ?? phases.landedAt);
  const until = phases.recovery.end;
  const outsideAt = firstOutside(seconds, band, from, phases.after?.end ?? until);
  const since = Math.floor(origin.earliest);
  const { userVisible, back } = crash
    ? afterCrash(seconds, band, since, outsideAt)
    : afterRevert(seconds, band, since, until);
  const at = back && recoveredAt(back, seconds, band, origin.earliest);
  const dated = userVisible ? steadyState(back, at, origin, until) : restored(input, crash, origin, until);
  return {
    origin,
    outsideAt,
    healthSymptomAt: symptom(samples, phases),
    userVisible,
    back,
    recoveredAt: at,
    goneAt: phases.goneAt,
    crash,
    basis: userVisible ? 'steady-state' : 'restore',
    reason: null,
    ...widened(dated, mostClockDistance(evidence.generator)),
  };
}

type Dated = Pick<Recovery, 'rto' | 'censoredAt'>;
type Origin = NonNullable<Recovery['origin']>;

type Seen = Pick<Recovery, 'userVisible' | 'back'>;

/** Users who were outside at the revert, or left their band after it, were affected until they were back. */
function afterRevert(seconds: LoadSecond[], band: SteadyBand, since: number, until: number): Seen {
  const late = firstOutside(seconds, band, since, until);
  const outAtOrigin = isOutsideAt(seconds, band, since);
  const back = firstBackInside(seconds, band, outAtOrigin || !late ? since : late.at);
  return { userVisible: outAtOrigin || late !== null, back };
}

/** An outage of two seconds is too short to count as having left the band, but nobody is back inside before its end. */
function afterCrash(seconds: LoadSecond[], band: SteadyBand, since: number, outsideAt: Excursion | null): Seen {
  const back = firstBackInside(seconds, band, outsideAt?.at ?? since);
  return { userVisible: outsideAt !== null || back === null || back.at > since, back };
}

/**
 * The first clean second is `back.at`: the return lies in the second before it, or in that second where what was left
 * of the failure was too little to see; and no later than the end of the first second that is strictly inside.
 */
function steadyState(back: Return | null, at: number | null, origin: Origin, until: number): Dated {
  if (!back || at === null || back.at > until) return { rto: null, censoredAt: until - origin.earliest };
  return {
    rto: {
      seconds: at - origin.earliest,
      low: Math.max(0, back.at - 1 - origin.latest),
      high: Math.max(0, back.certainBy - origin.earliest),
    },
    censoredAt: null,
  };
}

/** No user saw an outage, so what is left to date is the dependency: between its last failed probe and the proof. */
function restored({ phases, samples, evidence }: Input, crash: Crash | null, origin: Origin, until: number): Dated {
  if (crash) return restarted(crash, until);
  const { goneAt } = phases;
  if (goneAt === null) return { rto: null, censoredAt: until - origin.earliest };
  const dependency = evidence.scenario.fault?.parameters.service;
  const failed = samples.filter(
    (s) =>
      (dependency === 'database' || dependency === 'cache') &&
      'error' in s[dependency] &&
      probedAt(s) >= origin.earliest &&
      probedAt(s) <= goneAt,
  );
  const lastFailed = failed.at(-1);
  const high = goneAt - origin.earliest;
  return {
    rto: { seconds: high, low: lastFailed ? Math.max(0, probedAt(lastFailed) - origin.latest) : 0, high },
    censoredAt: null,
  };
}

/** The new process: between its start and the first health probe that it answered. */
function restarted({ killed, startedAt, servedAt }: Crash, until: number): Dated {
  if (startedAt === null || servedAt === null) return { rto: null, censoredAt: until - killed.earliest };
  const high = servedAt - killed.earliest;
  return { rto: { seconds: high, low: Math.max(0, startedAt - killed.latest), high }, censoredAt: null };
}

function widened({ rto, censoredAt }: Dated, offsetSeconds: number): Dated {
  if (!rto) return { rto, censoredAt };
  return { rto: { ...rto, low: Math.max(0, rto.low - offsetSeconds), high: rto.high + offsetSeconds }, censoredAt };
}

function symptom(samples: readonly Sample[], phases: Phases): number | null {
  const from = phases.injectAt ?? phases.landedAt;
  if (from === null) return null;
  const first = samples.find((s) => probedAt(s) >= from && healthOf(s).status !== 200);
  return first ? probedAt(first) : null;
}
