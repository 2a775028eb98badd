import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Histogram, merged, percentileMs } from '../../../lambdas/analysis/histogram.ts';
import { loadSeconds } from '../../../lambdas/analysis/load.ts';
import { sum } from '../../../lambdas/analysis/robust.ts';
import { windowSchema } from '../../../lambdas/evidence/window.ts';
import { LocustRun } from '../../infra/locust/locust-run.ts';
import { defineBenchmark } from '../benchmark.ts';
import { quantile, rawTimes } from '../truth/raw-times.ts';

const workers = 8;
const usersOfAWorker = 10;
const loadSecondsLong = 15;
const quantiles = [0.5, 0.95, 0.99, 0.999];

/** What a report's percentiles are worth, against every single value: sorted, and none of them forgotten. */
export const percentileError = defineBenchmark({
  ids: {
    'percentile-error': {
      unit: '%',
      goal: { at: 'most', value: 1 },
      what: `the merged p50, p95, p99 and p99.9 of ${workers} workers against the sorted raw values, the worst of them`,
    },
  },
  async run({ signal, progress }) {
    const raw = mkdtempSync(join(tmpdir(), 'faultline-raw-'));
    const users = workers * usersOfAWorker;
    const env = { RAW_TIMES: raw, FAULTLINE_EXPECTED_WORKERS: String(workers) };
    const file = join(import.meta.dirname, '..', 'truth', 'known_times.py');
    const run = await LocustRun.start({ file, host: 'http://127.0.0.1:9', users, workers, env });
    try {
      progress(`${workers} workers start`);
      await run.loaded(60);
      progress(`load for ${loadSecondsLong} s`);
      await sleep(loadSecondsLong * 1000, undefined, { signal });
      run.master.kill('SIGTERM');
      await run.ended();
      const windows = run.jsonLines('windows').map((w) => windowSchema.parse(w));
      const seconds = loadSeconds(windows, 0);
      return { 'percentile-error': compare(rawTimes(raw), merged(seconds.map((s) => s.all)), seconds) };
    } finally {
      await run.remove();
      rmSync(raw, { recursive: true, force: true });
    }
  },
});

/** @throws Error when the windows do not hold as many values as were written down */
function compare(byWorker: number[][], held: Histogram, seconds: { requests: number }[]) {
  const all = byWorker.flat().sort((a, b) => a - b);
  const requests = sum(seconds.map((s) => s.requests));
  if (requests !== all.length) throw new Error(`the windows hold ${requests} values, ${all.length} were written down`);
  const percentiles = quantiles.map((q) => {
    const truth = quantile(all, q);
    const measured = percentileMs(held, q);
    if (measured === null) throw new Error(`${all.length} values are too few for the quantile ${q}`);
    const averaged = sum(byWorker.map((times) => quantile(times, q))) / byWorker.length;
    const error = (ms: number) => (100 * Math.abs(ms - truth)) / truth;
    return { q, truth, measured, error: error(measured), averaged, errorOfAverage: error(averaged) };
  });
  return { value: Math.max(...percentiles.map((p) => p.error)), detail: { values: all.length, percentiles } };
}
