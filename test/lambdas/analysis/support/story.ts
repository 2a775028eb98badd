import { seededRandom } from '../../../../lambdas/analysis/bootstrap.ts';
import type { Evidence } from '../../../../lambdas/analysis/evidence.ts';
import type { HostSample } from '../../../../lambdas/evidence/host-sample.ts';
import type { DataClass, LedgerEntry, ReadbackEntry } from '../../../../lambdas/evidence/ledger.ts';
import type { Sample } from '../../../../lambdas/evidence/sample.ts';
import type { GeneratorReport } from '../../../../lambdas/evidence/window.ts';
import type { PhaseName, Run, RunEvent } from '../../../../lambdas/runs/run.ts';
import type { FaultSpec, Scenario } from '../../../../lambdas/scenarios/scenario.ts';
import { aTarget } from '../../support/target.ts';
import { type Answer, endpoints, type Request, windowsOf } from './load.ts';
import { type Timeline, type TimelineOptions, timeline } from './timeline.ts';

/** What a story changes of a sample of its host. */
export interface HostChange {
  cpu?: Partial<HostSample['cpu']>;
  memory?: Partial<HostSample['memory']>;
  process?: Partial<NonNullable<HostSample['process']>> | null;
}

type App = Exclude<Sample['app'], { error: string }>;

/** A run with known truth: how the system under test answers at each moment. */
export interface Story extends TimelineOptions {
  scenario: Scenario;
  seed?: string;
  /** Requests that end each second; a number or what it is at a time. */
  rps?: number | ((at: number, t: Timeline) => number);
  answer(at: number, endpoint: string, t: Timeline, random: () => number): Answer;
  health?(at: number, t: Timeline): number | null;
  /** Overrides of the application's gauges and counters at a time. */
  app?(at: number, t: Timeline): Partial<App> | { error: string };
  /** Overrides of what the database says of its sessions. */
  database?(at: number, t: Timeline): Partial<typeof database>;
  /** Overrides of what the host says of itself; without it there is no managed host. */
  host?(at: number, t: Timeline): HostChange;
  /** What becomes of a marked write acknowledged (or not) at a time. */
  write?(
    at: number,
    dataClass: DataClass,
    t: Timeline,
  ): { outcome: LedgerEntry['outcome']; found: ReadbackEntry['found'] };
}

const isDown = (at: number, t: Timeline) => at >= t.fault && at < t.restored;

/** The evidence that such a run leaves behind. */
export function tell(story: Story): { evidence: Evidence; truth: Timeline } {
  const t = timeline(story.scenario, story);
  const requests = requestsOf(story, t);
  const { ledger, readback } = writesOf(story, t);
  const windows = windowsOf(requests, story.scenario.load.users);
  const evidence: Evidence = {
    run: runOf(story, t),
    scenario: story.scenario,
    target: {
      id: 'sample',
      endpoint: 'http://app.faultline.internal:8080',
      rpoSeconds: { users: 900, transactions: 300, sessions: 60 },
      readback: { users: 'user', transactions: 'whisper', sessions: 'session' },
    },
    events: eventsOf(story.scenario, t),
    windows,
    samples: samplesOf(story, t, requests),
    hostSamples: hostSamplesOf(story, t),
    ledger,
    readback,
    generator: generatorOf(requests),
    evidenceKeys: ['runs/test/windows/'],
  };
  return { evidence, truth: t };
}

function requestsOf(story: Story, t: Timeline): Request[] {
  const random = seededRandom(story.seed ?? 'story');
  const requests: Request[] = [];
  for (let second = Math.floor(t.load); second < t.verify; second++) {
    const rps = typeof story.rps === 'function' ? story.rps(second, t) : (story.rps ?? 100);
    for (let i = 0; i < rps; i++) {
      const at = second + (i + 0.5) / rps;
      const endpoint = endpoints[i % endpoints.length]!;
      requests.push({ at, endpoint, ...story.answer(at, endpoint, t, random) });
    }
  }
  return requests;
}

function samplesOf(story: Story, t: Timeline, requests: readonly Request[]): Sample[] {
  const { fault } = story.scenario;
  const dependency = fault?.parameters.service;
  const samples: Sample[] = [];
  let next = 0;
  const seen = { hits: 0, misses: 0, errors: 0, queries: 0 };
  for (let second = Math.floor(t.load); second < t.verify; second++) {
    const at = second + 0.3;
    for (; next < requests.length && requests[next]!.at < at; next++) {
      const r = requests[next]!;
      if (r.cache === 'hit') seen.hits++;
      if (r.cache === 'miss') seen.misses++;
      if (r.cache === 'error') seen.errors++;
      seen.queries += r.queries ?? 0;
    }
    const down = isDown(at, t);
    const status = story.health ? story.health(at, t) : 200;
    const app = story.app?.(at, t) ?? {};
    samples.push({
      t: second,
      at: 0.3,
      health: status === null ? { error: 'timed out after 1000 ms' } : { status, ms: 2 },
      database:
        dependency === 'database' && down
          ? { error: 'connect timed out' }
          : { ...database, xactCommit: seen.queries, ...story.database?.(at, t) },
      cache: dependency === 'cache' && down ? { error: 'connect timed out' } : cache,
      app: 'error' in app ? app : { ...application(seen, next), ...app },
    });
  }
  return samples;
}

/** Half a second after the observer's, by the host's own clock. */
function hostSamplesOf({ host }: Story, t: Timeline): HostSample[] {
  if (!host) return [];
  const seconds = Array.from({ length: Math.ceil(t.verify - t.load) }, (_, i) => Math.floor(t.load) + i + 0.8);
  return seconds.map((at) => {
    const { cpu, memory, process } = host(at, t);
    return {
      ...quietHost,
      at,
      cpu: { ...quietHost.cpu, ...cpu },
      memory: { ...quietHost.memory, ...memory },
      process: process === null ? null : { ...quietHost.process, ...process },
    };
  });
}

const quietHost = {
  host: 'i-0123456789abcdef0',
  cpu: { busy: 0.24, idle: 0.75, iowait: 0.01, cores: 1, load1: 0.3 },
  memory: {
    totalKb: 750_000,
    availableKb: 500_000,
    swapTotalKb: 524_288,
    swapFreeKb: 524_288,
    swapInPages: 0,
    swapOutPages: 0,
    oomKills: 0,
  },
  sockets: { established: 12, timeWait: 3 },
  disk: { totalBytes: 8e9, freeBytes: 5e9 },
  process: { pid: 412, startedAt: 1_759_990_000, residentKb: 90_000, threads: 11, openFiles: 40 },
};

const database = {
  maxConnections: 100,
  active: 3,
  idle: 7,
  idleInTransaction: 0,
  waitingOnLock: 0,
  xactRollback: 0,
  tuplesReturned: 0,
  ms: 1,
};
const cache = {
  connectedClients: 3,
  usedMemoryBytes: 1e6,
  keyspaceHits: 0,
  keyspaceMisses: 0,
  commandsProcessed: 0,
  ms: 1,
};

const application = (
  seen: { hits: number; misses: number; errors: number; queries: number },
  requests: number,
): App => ({
  poolSize: 10,
  poolInUse: 4,
  poolWaiting: 0,
  queueLength: 0,
  queueLimit: 50,
  cacheHits: seen.hits,
  cacheMisses: seen.misses,
  cacheErrors: seen.errors,
  requests,
  shed: 0,
  requestTimeouts: 0,
  databaseQueries: seen.queries,
  databaseRetries: 0,
  databaseReconnects: 0,
  breakerState: 0,
  rateLimitAllowed: requests,
  rateLimitDenied: 0,
  rateLimitFallback: 0,
  processStart: 1_759_990_000,
});

function writesOf(story: Story, t: Timeline): { ledger: LedgerEntry[]; readback: ReadbackEntry[] } {
  const ledger: LedgerEntry[] = [];
  const readback: ReadbackEntry[] = [];
  const write = story.write ?? (() => ({ outcome: 'acked', found: 'found' }) as const);
  const classes = ['users', 'transactions', 'sessions'] as const;
  for (let at = t.load + 0.5; at < t.verify; at += 0.5) {
    const dataClass = classes[Math.round(at * 2) % 3]!;
    const { outcome, found } = write(at, dataClass, t);
    const key = `${dataClass}-${at.toFixed(1)}`;
    ledger.push({ class: dataClass, key, intent: at - 0.01, ack: outcome === 'acked' ? at : null, outcome });
    if (outcome === 'acked') readback.push({ class: dataClass, key, found, control: false });
  }
  for (const c of classes) readback.push({ class: c, key: `never-${c}`, found: 'missing', control: true });
  return { ledger, readback };
}

function generatorOf(requests: readonly Request[]): GeneratorReport {
  const totals = { requests: requests.length, failures: requests.filter((r) => r.outcome !== 'ok').length };
  const worker = (id: string) => ({
    ...{ id, reports: 80, cpuMax: 0.5, cpuMean: 0.2, lagMaxMs: 12 },
    silenceMaxMs: 1100,
    clock: { offsetMs: 0, uncertaintyMs: 0 },
  });
  return {
    expectedWorkers: 2,
    workers: [worker('w1'), worker('w2')],
    lostWorkers: [],
    master: { cpuMax: 0.1, cpuMean: 0.05, lagMaxMs: 5 },
    locust: totals,
    windows: totals,
    versions: { locust: '2.47.0', python: '3.11.2' },
    delivery: { errors: 0, lastError: null, undelivered: 0, summariesDropped: 0 },
  };
}

const managedHosts = { tag: { key: 'faultline:target', value: 'sample' }, process: { name: 'sample-app' } };

function runOf({ scenario, host }: Story, t: Timeline): Run {
  return {
    runId: 'r0101-120000-ab12',
    gameDayId: 'g0101-120000',
    scenario: scenario.id,
    profile: 'quick',
    mode: 'local',
    targetId: 'sample',
    target: aTarget({ id: 'sample', hosts: host ? managedHosts : null }),
    hosts: [],
    createdAt: t.load,
    endedAt: t.end,
    phase: 'analyse',
    phaseStartedAt: t.end,
    phaseEndsAt: null,
    seconds: { ...scenario.seconds.quick, recoveryLimit: 60 },
    load: { ...scenario.load, workers: 2 },
    stopRequested: null,
    verdict: null,
    verdictReason: null,
  };
}

const call = (at: number, operation: string, parameters: object, service = 'ecs'): RunEvent => ({
  at,
  type: 'api-call',
  detail: { service, operation, parameters, requestId: `request-${at.toFixed(1)}`, error: null },
});

/** The calls that inject and revert. */
function callsOf(at: { inject: number; revert: number }, fault: FaultSpec): [inject: RunEvent, revert: RunEvent] {
  if (fault.id === 'ecs-service-stop') {
    const service = { cluster: 'target', service: String(fault.parameters.service) };
    const scale = (t: number, desiredCount: number) => call(t, 'UpdateService', { ...service, desiredCount });
    return [scale(at.inject, 0), scale(at.revert, 1)];
  }
  if (fault.id === 'slow-query') return [call(at.inject, 'RunTask', {}), call(at.revert, 'StopTask', {})];
  const document = `Faultline-${fault.id.replace(/(^|-)(.)/g, (_, __, letter) => letter.toUpperCase())}`;
  const send = (t: number, DocumentName: string) => call(t, 'SendCommand', { DocumentName }, 'ssm');
  return [send(at.inject, document), send(at.revert, 'Faultline-Revert')];
}

function eventsOf(scenario: Scenario, t: Timeline): RunEvent[] {
  const phase = (at: number, name: PhaseName): RunEvent => ({ at, type: 'phase', detail: { phase: name } });
  const loads = [
    phase(t.load, 'load'),
    call(t.load + 0.2, 'RunTask', {
      taskDefinition: 'locust-master',
      overrides: {
        containerOverrides: [
          {
            name: 'locust',
            environment: [
              { name: 'LOCUST_USERS', value: '100' },
              { name: 'LOCUST_SPAWN_RATE', value: '10' },
              { name: 'DATABASE_PASSWORD', value: 'swordfish' },
            ],
          },
        ],
      },
    }),
    phase(t.baseline, 'baseline'),
  ];
  const ends = [phase(t.after, 'after'), phase(t.verify, 'verify'), phase(t.end, 'analyse')];
  if (!scenario.fault) return [...loads, phase(t.inject, 'fault'), ...ends];
  const gone: RunEvent = {
    at: t.gone,
    type: 'fault-gone',
    detail: { proof: 'running tasks 1 of 1; connecting: served in 2 ms' },
  };
  const [inject, revert] = callsOf({ inject: t.inject + 0.2, revert: t.revert + 0.1 }, scenario.fault);
  return [
    ...loads,
    phase(t.inject, 'inject'),
    { at: t.inject + 0.1, type: 'undo-written', detail: { original: { service: 'target' } } },
    inject,
    { at: t.landed, type: 'fault-landed', detail: { proof: 'running tasks 0 of 1; connecting: timed out' } },
    phase(t.hold, 'fault'),
    phase(t.revert, 'revert'),
    revert,
    ...(t.gone < t.after ? [gone] : []),
    phase(t.recovery, 'recovery'),
    ...ends,
  ];
}
