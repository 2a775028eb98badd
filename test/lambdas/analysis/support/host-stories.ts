import { applicationCrash } from '../../../../lambdas/scenarios/application-crash.ts';
import { cpuSaturation } from '../../../../lambdas/scenarios/cpu-saturation.ts';
import { memoryPressure } from '../../../../lambdas/scenarios/memory-pressure.ts';
import { networkLatency } from '../../../../lambdas/scenarios/network-latency.ts';
import type { Scenario } from '../../../../lambdas/scenarios/scenario.ts';
import { slowQuery } from '../../../../lambdas/scenarios/slow-query.ts';
import type { Answer } from './load.ts';
import { around, served } from './stories.ts';
import type { Story } from './story.ts';
import type { Timeline } from './timeline.ts';

/** The fault by the name of its scenario's, whatever its parameters are. */
const withFault = (scenario: Scenario, id: string): Scenario => ({ ...scenario, fault: { id, parameters: {} } });

export const held = (at: number, t: Timeline) => at >= t.fault && at < t.restored;
export const affected = (at: number, t: Timeline) => at >= t.fault && at < t.recovered;
/** A counter that rises by `perSecond` while the fault is there. */
export const rising = (at: number, t: Timeline, perSecond: number) =>
  Math.round(perSecond * Math.max(0, Math.min(at, t.restored) - t.fault));

const raw: Answer = {
  outcome: 'http_5xx',
  status: 500,
  ms: 900,
  text: 'Error: timeout\n    at Pool.connect (pool.ts:12:3)',
};
export const givenUp: Answer = { outcome: 'timeout', status: 0, ms: 35_000, text: 'ReadTimeout' };
export const endedAtLimit: Answer = {
  outcome: 'http_5xx',
  status: 504,
  ms: 30_020,
  text: '{"title":"Gateway Timeout","status":504}',
};

/** Slower by the delay, its cache cut short, everybody answered. */
export const resilientNetwork: Story = {
  scenario: withFault(networkLatency, 'network-latency'),
  rps: (s, t) => (held(s, t) ? 25 : 100),
  answer: (at, _e, t, random) =>
    held(at, t) ? { outcome: 'ok', ms: around(3500, random, 0.2), cache: 'error', queries: 1 } : served(random),
  health: (at, t) => (held(at, t) ? null : 200),
  host: () => ({}),
};

/** Waits for ever, tries again all the time, shows stack traces. */
export const fragileNetwork: Story = {
  ...resilientNetwork,
  recoverSeconds: 30,
  rps: (s, t) => (affected(s, t) ? 10 : 100),
  answer: (at, _e, t, random) =>
    affected(at, t) ? (random() < 0.3 ? givenUp : { ...raw, ms: 12_000 }) : served(random),
  app: (at, t) => ({ databaseRetries: rising(at, t, 30) }),
};

/** Queues up to its limit, ends at 30 s what waits that long, and is itself again when the queries are ended. */
export const resilientSlowQuery: Story = {
  scenario: withFault(slowQuery, 'slow-query'),
  holdSeconds: 45,
  restoreSeconds: 0.8,
  recoverSeconds: 1.4,
  rps: (s, t) => (affected(s, t) ? 8 : 50),
  answer: (at, _e, t, random) =>
    affected(at, t) && at >= t.fault + 30 && random() < 0.5 ? endedAtLimit : served(random),
  app: (at, t) => ({
    ...(affected(at, t) ? { poolInUse: 10, queueLength: 36, poolWaiting: 36 } : { poolInUse: 1 }),
    requestTimeouts: Math.round(4 * Math.max(0, Math.min(at, t.recovered) - t.fault - 30)),
  }),
};

/** No limit, no bound, and the pool stays full. */
export const fragileSlowQuery: Story = {
  ...resilientSlowQuery,
  recoverSeconds: 90,
  answer: (at, _e, t, random) => (affected(at, t) && at >= t.fault + 35 && random() < 0.5 ? givenUp : served(random)),
  app: (at, t) => (at > t.fault ? { poolInUse: 10, queueLength: 40, queueLimit: null } : { poolInUse: 1 }),
};

const lessMemory = (at: number, t: Timeline) => (held(at, t) ? { availableKb: 110_000 } : {});

/** Swaps out what is cold, and works on. */
export const resilientMemory: Story = {
  scenario: withFault(memoryPressure, 'memory-pressure'),
  restoreSeconds: 1.2,
  answer: (at, _e, t, random) => served(random, held(at, t) ? 7 : 4),
  host: (at, t) => ({
    memory: {
      ...lessMemory(at, t),
      swapOutPages: rising(at, t, 200),
      swapFreeKb: 524_288 - 4 * rising(at, t, 200),
    },
  }),
};

/** Thrashes until the OOM killer ends the application, and does not come back. */
export const fragileMemory: Story = {
  ...resilientMemory,
  recoverSeconds: 90,
  answer: (at, _e, t, random) => (affected(at, t) ? { ...raw, ms: 4000 } : served(random)),
  app: (at, t) => ({ processStart: at > t.fault + 12 ? t.fault + 12 : 1_759_990_000 }),
  host: (at, t) => ({
    memory: {
      ...lessMemory(at, t),
      swapFreeKb: held(at, t) ? 100_000 : 524_288,
      swapInPages: rising(at, t, 2500),
      swapOutPages: rising(at, t, 4000),
      oomKills: at > t.fault + 10 ? 2 : 0,
    },
    process:
      at > t.fault + 10 && at < t.fault + 12 ? null : at >= t.fault + 12 ? { pid: 977, startedAt: t.fault + 12 } : {},
  }),
};

/** Slower, and that is all. */
export const resilientCpu: Story = {
  scenario: withFault(cpuSaturation, 'cpu-saturation'),
  restoreSeconds: 0.6,
  recoverSeconds: 1.3,
  answer: (at, _e, t, random) => served(random, affected(at, t) ? 60 : 4),
  host: (at, t) => ({ cpu: held(at, t) ? { busy: 0.99, idle: 0.01, load1: 5 } : {} }),
};

/** Everybody waits, seconds go by without an answer, some give up; it never catches up. */
export const fragileCpu: Story = {
  ...resilientCpu,
  recoverSeconds: 90,
  rps: (s, t) => (affected(s, t) ? (Math.floor(s) % 5 === 0 ? 45 : 0) : 100),
  answer: (at, _e, t, random) =>
    affected(at, t) ? (random() < 0.1 ? givenUp : { outcome: 'ok', ms: around(9500, random, 0.05) }) : served(random),
  health: (at, t) => (affected(at, t) ? null : 200),
  app: (at, t) => (at > t.fault ? { queueLength: 90, queueLimit: null } : {}),
};

const restarted = (at: number, t: Timeline) =>
  at < t.fault ? {} : at < t.restored ? null : { pid: 538, startedAt: t.restored };
const killedProcess: Pick<Story, 'host' | 'app' | 'health'> = {
  host: (at, t) => ({ process: restarted(at, t) }),
  app: (at, t) =>
    at >= t.fault && at < t.restored
      ? { error: 'refused' }
      : { processStart: at < t.fault ? 1_759_990_000 : t.restored },
  health: (at, t) => (at >= t.fault && at < t.restored ? null : 200),
};

/** One process of one host: nobody is served until it is back. */
export const singleProcess: Story = {
  scenario: withFault(applicationCrash, 'process-kill'),
  ...killedProcess,
  holdSeconds: 15,
  answer: (at, _e, t, random) =>
    affected(at, t) ? { outcome: 'connection', status: 0, ms: 2, text: 'refused' } : served(random),
  write: (at, _class, t) =>
    affected(at, t) ? { outcome: 'unknown', found: 'missing' } : { outcome: 'acked', found: 'found' },
};

/** Another process serves meanwhile. */
export const resilientCrash: Story = {
  ...singleProcess,
  answer: (at, _e, t, random) =>
    at >= t.fault && at < t.fault + 0.02 ? { outcome: 'connection', status: 0, ms: 2 } : served(random),
  health: () => 200,
  write: () => ({ outcome: 'acked', found: 'found' }),
};

/** Nobody restarts it, and what it had acknowledged last is gone with it. */
export const fragileCrash: Story = {
  ...singleProcess,
  restoreSeconds: 3600,
  host: (at, t) => ({ process: at < t.fault ? {} : null }),
  write: (at, _class, t) =>
    at >= t.fault
      ? { outcome: 'unknown', found: 'missing' }
      : { outcome: 'acked', found: at > t.fault - 2 ? 'missing' : 'found' },
};

export const pairs = [
  [resilientNetwork, fragileNetwork],
  [resilientSlowQuery, fragileSlowQuery],
  [resilientMemory, fragileMemory],
  [resilientCpu, fragileCpu],
  [resilientCrash, fragileCrash],
] as const;
