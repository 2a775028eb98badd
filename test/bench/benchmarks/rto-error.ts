import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import { type Evidence, targetView } from '../../../lambdas/analysis/evidence.ts';
import { factsOf } from '../../../lambdas/analysis/facts.ts';
import { median } from '../../../lambdas/analysis/robust.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import type { Sample } from '../../../lambdas/evidence/sample.ts';
import { Probes } from '../../../lambdas/observer/probes.ts';
import type { RunEvent } from '../../../lambdas/runs/run.ts';
import { databaseFailure } from '../../../lambdas/scenarios/database-failure.ts';
import { LocustRun } from '../../infra/locust/locust-run.ts';
import { aRun } from '../../lambdas/support/run.ts';
import { aTarget } from '../../lambdas/support/target.ts';
import { defineBenchmark } from '../benchmark.ts';
import { sideBySide } from '../side-by-side.ts';
import { loadEvidence, phase } from '../truth/load-evidence.ts';
import { OutageServer } from '../truth/outage-server.ts';
import { TcpProbe } from '../truth/tcp-probe.ts';

const lanes = 5;
/** One more than it takes: after a baseline that is not steady, as on a machine that is busy, nothing is measured. */
const outagesOfALane = 7;
const outages = 30;
const users = 100;
/** A quick run's baseline; it begins when the outage before has been over for two seconds. */
const baselineSeconds = 15;
const settledSeconds = 2;
/** Telling that users are served as before takes seven clean seconds, and the next outage is as far away. */
const recoveryLimit = settledSeconds + baselineSeconds;
const hold = { least: 1, most: 4 };
/** From the request to revert until the server serves again. */
const restore = { least: 0.3, most: 12 };

interface Outage {
  baseline: number;
  inject: number;
  revert: number;
  /** Proof that the server serves again. */
  gone: number;
  end: number;
}

/** Whether the recovery that a report states is the one that was: outages of known length under real load. */
export const rtoError = defineBenchmark({
  ids: {
    'rto-error': {
      unit: 's',
      goal: { at: 'most', value: 0.5 },
      what: `RTO of ${outages} outages of random length against a TCP probe every 20 ms, the median error`,
    },
    'rto-error-worst': { unit: 's', goal: { at: 'most', value: 2 }, what: 'the worst error of these outages' },
    'rto-interval': {
      unit: 's',
      goal: { at: 'most', value: 2 },
      what: 'the width of the interval that the report states for such an RTO, the median',
    },
    'rto-interval-holds': {
      unit: 'outages',
      goal: { at: 'least', value: Math.floor(0.95 * outages) },
      what: `of these ${outages} outages, those whose true RTO lies in that interval`,
    },
  },
  async run({ signal, progress }) {
    const works = Array.from({ length: lanes }, (_, i) => (either: AbortSignal) => lane(i, either, progress));
    return figures((await sideBySide(signal, works)).flat());
  },
});

type Measured = Awaited<ReturnType<typeof lane>>[number];

async function lane(index: number, signal: AbortSignal, progress: (text: string) => void) {
  const server = await OutageServer.start();
  const probe = new TcpProbe(server.port);
  const observer = new AbortController();
  const file = join(import.meta.dirname, '..', 'truth', 'steady_users.py');
  const load = await LocustRun.start({ file, host: server.url, users, env: { FAULTLINE_MAX_SECONDS: '600' } });
  try {
    await load.loaded(60);
    const samples = observe(server.url, observer.signal);
    const seen = await series(index, server, signal, progress);
    observer.abort();
    load.master.kill('SIGTERM');
    await load.ended();
    const evidence = { ...loadEvidence(load), samples: await samples };
    return seen.flatMap((outage) => measure(outage, evidence, probe) ?? []);
  } finally {
    observer.abort();
    await load.remove();
    probe.stop();
    server.down();
  }
}

/** The outages of one server, one after the other, and when the state machine would have done what. */
async function series(
  index: number,
  server: OutageServer,
  signal: AbortSignal,
  progress: (text: string) => void,
): Promise<Outage[]> {
  const random = seededRandom(`rto-error ${index}`);
  const between = ({ least, most }: { least: number; most: number }) => least + random() * (most - least);
  const wait = (seconds: number) => sleep(seconds * 1000, undefined, { signal });
  const { now } = systemClock;
  const seen: Outage[] = [];
  await wait(settledSeconds);
  for (let i = 0; i < outagesOfALane; i++) {
    const baseline = now();
    await wait(baselineSeconds);
    const inject = now();
    server.down();
    await wait(between(hold));
    const revert = now();
    await wait(between(restore));
    await server.up();
    const gone = now();
    await wait(settledSeconds);
    seen.push({ baseline, inject, revert, gone, end: gone + recoveryLimit });
    progress(`outage ${i + 1} of ${outagesOfALane} of server ${index + 1} of ${lanes} is over`);
  }
  await wait(baselineSeconds);
  return seen;
}

/** As the observer does, once a second. */
async function observe(endpoint: string, signal: AbortSignal): Promise<Sample[]> {
  const target = aTarget({ endpoint, database: null, cache: null, metrics: null });
  const noLogin = () => Promise.reject(new Error('there is no database'));
  const probes = new Probes(target, noLogin, systemClock.now);
  const samples: Sample[] = [];
  while (!signal.aborted) {
    const second = Math.floor(systemClock.now());
    samples.push(await probes.sample());
    await systemClock.sleep(second + 1 - systemClock.now());
  }
  return samples;
}

type Load = Pick<Evidence, 'windows' | 'ledger' | 'generator' | 'samples'>;

/** What a run with this outage alone would report, beside what the probe saw; null where its baseline is not steady. */
function measure(outage: Outage, load: Load, probe: TcpProbe) {
  const { baseline, inject, revert, gone, end } = outage;
  const windows = load.windows.filter((w) => w.t >= Math.floor(baseline) && w.t < end);
  const samples = load.samples.filter((s) => s.t >= Math.floor(baseline) && s.t < end);
  const target = aTarget();
  const { recovery, unsteady } = factsOf({
    ...load,
    windows,
    samples,
    run: aRun({ runId: 'rto-error', scenario: 'database-failure', target, createdAt: baseline, endedAt: end }),
    scenario: databaseFailure,
    target: targetView(target),
    events: events(outage),
    readback: [],
  });
  const truth = probe.servedFrom(revert) - revert;
  if (unsteady !== null) return null;
  if (!recovery.rto) throw new Error(`no RTO for an outage of ${truth.toFixed(2)} s: ${recovery.reason ?? 'censored'}`);
  const { seconds } = recovery.rto;
  const [low, high] = [tenths(recovery.rto.low), tenths(recovery.rto.high)];
  return {
    held: revert - inject,
    truth,
    seconds,
    low,
    high,
    error: Math.abs(seconds - truth),
    width: tenths(high - low),
    holds: low <= truth && truth <= high,
    probeGap: probe.widestGap(revert, gone + 0.1),
  };
}

/** Seconds as a report states the interval. */
const tenths = (seconds: number) => Number(seconds.toFixed(1));

function events({ baseline, inject, revert, gone, end }: Outage): RunEvent[] {
  const scale = { service: 'ecs', operation: 'UpdateService', parameters: {}, requestId: null, error: null };
  return [
    phase(baseline, 'baseline'),
    phase(inject, 'inject'),
    { at: inject, type: 'fault-landed', detail: { proof: 'its port is closed' } },
    phase(inject, 'fault'),
    phase(revert, 'revert'),
    { at: revert, type: 'api-call', detail: scale },
    { at: gone, type: 'fault-gone', detail: { proof: 'its port is open' } },
    phase(gone, 'recovery'),
    phase(end, 'after'),
  ];
}

/** @throws Error when too few could be measured */
function figures(all: Measured[]) {
  const measured = all.slice(0, outages);
  if (measured.length < outages)
    throw new Error(`${measured.length} outages had a steady baseline, ${outages} are needed`);
  const errors = measured.map((m) => m.error);
  const bias = median(measured.map((m) => m.seconds - m.truth))!;
  const detail = { outages: measured.length, refused: lanes * outagesOfALane - all.length, bias, measured };
  return {
    'rto-error': { value: median(errors)!, detail },
    'rto-error-worst': { value: Math.max(...errors), detail: { outages: measured.length } },
    'rto-interval': { value: median(measured.map((m) => m.width))!, detail: { outages: measured.length } },
    'rto-interval-holds': { value: measured.filter((m) => m.holds).length, detail: { outages: measured.length } },
  };
}
