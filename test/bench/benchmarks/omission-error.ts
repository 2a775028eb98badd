import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Histogram, merged, percentileMs } from '../../../lambdas/analysis/histogram.ts';
import { type LoadSecond, loadSeconds } from '../../../lambdas/analysis/load.ts';
import { sum } from '../../../lambdas/analysis/robust.ts';
import { windowSchema } from '../../../lambdas/evidence/window.ts';
import { LocustRun } from '../../infra/locust/locust-run.ts';
import { defineBenchmark } from '../benchmark.ts';
import { quantile, rawTimes } from '../truth/raw-times.ts';
import { StallingServer } from '../truth/stalling-server.ts';

/** So few, and so often, that under 1 % of what they send is held up: as observed p99 knows nothing of the stall. */
const users = 30;
const quietSeconds = 12;
const stalls = [1.5, 2.5, 4] as const;
const q = 0.99;

/** What users who wait for an answer do not tell of a stall, and whether the correction knows it all the same. */
export const omissionError = defineBenchmark({
  ids: {
    'omission-error': {
      unit: '%',
      goal: { at: 'most', value: 5 },
      what: `the corrected p99 of ${users} paced users on a server that stalls, against that of an open load on the same beats; the worst of ${stalls.length} stalls`,
    },
  },
  async run({ signal, progress }) {
    const runs = [];
    for (const stall of stalls) {
      progress(`a stall of ${stall} s`);
      runs.push(await measured(stall, signal));
    }
    return { 'omission-error': { value: Math.max(...runs.map((r) => r.error)), detail: { users, runs } } };
  },
});

async function measured(stall: number, signal: AbortSignal) {
  const raw = mkdtempSync(join(tmpdir(), 'faultline-raw-'));
  const server = await StallingServer.start();
  const file = join(import.meta.dirname, '..', 'truth', 'stalled_users.py');
  const run = await LocustRun.start({ file, host: server.url, users, env: { RAW_TIMES: raw } });
  try {
    await run.loaded(60);
    await sleep(quietSeconds * 1000, undefined, { signal });
    const began = performance.now();
    server.stall();
    await sleep(stall * 1000, undefined, { signal });
    server.goOn();
    const held = (performance.now() - began) / 1000;
    await sleep(quietSeconds * 1000, undefined, { signal });
    run.master.kill('SIGTERM');
    await run.ended();
    const windows = run.jsonLines('windows').map((w) => windowSchema.parse(w));
    return { stall: held, ...compare(rawTimes(raw).flat(), loadSeconds(windows, 0)) };
  } finally {
    await run.remove();
    await server.stop();
    rmSync(raw, { recursive: true, force: true });
  }
}

/** @throws Error when there are too few requests for the percentile */
function compare(open: number[], seconds: readonly LoadSecond[]) {
  const truth = quantile(
    open.sort((a, b) => a - b),
    q,
  );
  const [observed, corrected] = [p99(seconds.map((s) => s.all)), p99(seconds.map((s) => s.intended))];
  const error = (ms: number) => (100 * Math.abs(ms - truth)) / truth;
  return {
    openRequests: open.length,
    requests: sum(seconds.map((s) => s.requests)),
    missed: sum(seconds.map((s) => s.missed)),
    truth,
    corrected,
    error: error(corrected),
    observed,
    errorOfObserved: error(observed),
  };
}

function p99(seconds: readonly Histogram[]): number {
  const ms = percentileMs(merged(seconds), q);
  if (ms === null) throw new Error(`too few requests for p${q * 100}`);
  return ms;
}
