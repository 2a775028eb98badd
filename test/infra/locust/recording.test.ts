import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Histogram, merged, quantileMs } from '../../../lambdas/analysis/histogram.ts';
import { decodeCounts } from '../../../lambdas/analysis/histogram-encoding.ts';
import {
  type GeneratorReport,
  generatorReportSchema,
  type Outcome,
  type Window,
  windowSchema,
  windowSummarySchema,
} from '../../../lambdas/evidence/window.ts';
import { aggregatedRow, fixture, LocustRun } from './locust-run.ts';
import { TargetServer } from './target-server.ts';

const users = 20;

let target: TargetServer;
let run: LocustRun;
let raw: string;
let windows: Window[];
let generator: GeneratorReport;

/** One run for the whole file: stopped in the middle of its load, with requests in flight. */
beforeAll(async () => {
  target = await TargetServer.start();
  raw = await mkdtemp(join(tmpdir(), 'faultline-raw-'));
  run = await LocustRun.start({ file: fixture('mixed.py'), host: target.url, users, env: { RAW_TIMES: raw } });
  await run.loaded();
  await sleep(4000);
  run.master.kill('SIGTERM');
  await run.ended();
  windows = run.jsonLines('windows').map((w) => windowSchema.parse(w));
  generator = generatorReportSchema.parse(JSON.parse(run.object('generator.json')));
}, 45_000);

afterAll(async () => {
  await run?.remove();
  await target?.stop();
  await rm(raw, { recursive: true, force: true });
});

const cells = () => windows.flatMap((w) => w.cells);
const cellsOf = (endpoint: string) => cells().filter((c) => c.endpoint === endpoint);
const held = (histogram: Histogram) => histogram.reduce((sum, [, count]) => sum + count, 0);
const total = (of: { count: number }[]) => of.reduce((sum, { count }) => sum + count, 0);
const ended = (outcome: Outcome, endpoint = '') =>
  total(cells().filter((c) => c.outcome === outcome && c.endpoint.includes(endpoint)));

test("the windows hold exactly the requests of Locust's CSV and of the server, though it was stopped in mid-flight", () => {
  expect(total(cells())).toBeGreaterThan(300);
  expect(total(cells())).toBe(run.aggregated().requests);
  expect(total(cells())).toBe(target.requests);
  expect(generator.windows).toEqual(run.aggregated());
  expect(generator.locust).toEqual(run.aggregated());
});

test("the windows' failures are Locust's", () => {
  expect(total(cells().filter((c) => c.outcome !== 'ok'))).toBe(run.aggregated().failures);
});

test('each status is counted under its class as often as the server answered it', () => {
  expect(ended('http_503')).toBe(target.statuses.get(503));
  expect(ended('http_429')).toBe(target.statuses.get(429));
  expect(ended('http_4xx')).toBe(target.statuses.get(404));
  expect(ended('http_5xx')).toBe(target.statuses.get(500));
  expect(ended('http_503', '/fast/')).toBeGreaterThan(0);
});

test('broken connections, time-outs and failed checks are told apart, with either HTTP client', () => {
  expect(ended('connection')).toBe(target.served.get('/reset'));
  expect(ended('connection', '/fast/reset')).toBeGreaterThan(0);
  expect(ended('timeout', 'GET /silent')).toBeGreaterThan(0);
  expect(ended('timeout', 'POST /fast/silent')).toBeGreaterThan(0);
  expect(ended('timeout')).toBe(ended('timeout', 'silent'));
  expect(ended('ok', 'silent')).toBe(0);
  expect(ended('other')).toBe(ended('other', '/checked'));
  expect(ended('other')).toBeGreaterThan(0);
});

test('histograms decode in JavaScript, hold as many values as their cell, and merge to the true percentiles', () => {
  const truth = rawTimes('GET /ok');
  for (const cell of cells()) expect(held(decodeCounts(cell.histogram))).toBe(cell.count);
  const all = merged(cellsOf('GET /ok').map((cell) => decodeCounts(cell.histogram)));
  expect(held(all)).toBe(truth.length);
  for (const percentile of [50, 90, 95, 99, 100]) {
    const exact = truth[Math.ceil((percentile / 100) * truth.length - 1e-9) - 1]!;
    expect(Math.abs(quantileMs(all, percentile / 100)! - exact)).toBeLessThanOrEqual(exact / 1000 + 0.001);
  }
  const slow = cellsOf('GET /slow');
  expect(slow.length).toBeGreaterThan(0);
  for (const cell of slow) expect(decodeCounts(cell.histogram)[0]![0]).toBeGreaterThanOrEqual(698_000);
});

test('paced users are also timed from when they meant to ask, and what they could not ask is counted', () => {
  const sent = total(cellsOf('GET /paced'));
  const missed = windows.reduce((sum, w) => sum + (w.paced?.missed ?? 0), 0);
  const intended = merged(windows.flatMap((w) => (w.paced ? [decodeCounts(w.paced.histogram)] : [])));
  // Of every request but each user's first, before which nothing says what its pace counts from.
  expect(held(intended) - missed).toBe(sent - 2);
  // Three beats pass in 1.2 s; the last of them is the next request's, however late.
  // What the last request of a user made it miss is not known: it was stopped before it was to ask again.
  expect(missed).toBeGreaterThanOrEqual(2 * (sent - 4));
  expect(sent).toBeGreaterThan(4);
  expect(quantileMs(intended, 1)!).toBeGreaterThan(
    quantileMs(merged(cellsOf('GET /paced').map((c) => decodeCounts(c.histogram))), 0.5)!,
  );
});

test('each second appears once, in order, without a gap', () => {
  const seconds = windows.map((w) => w.t);
  expect(seconds).toEqual(seconds.map((_, i) => seconds[0]! + i));
});

test('error samples show what went wrong: at most three a window, of different kinds, none longer than 300', () => {
  const samples = windows.flatMap((w) => w.errorSamples);
  for (const { errorSamples } of windows) expect(errorSamples.length).toBeLessThanOrEqual(3);
  for (const { text } of samples) expect(text.length).toBeLessThanOrEqual(300);
  expect(new Set(samples.map((s) => s.outcome)).size).toBeGreaterThanOrEqual(3);
  const full = windows.filter((w) => new Set(w.cells.map((c) => c.outcome)).size >= 4);
  for (const { errorSamples } of full)
    expect(new Set(errorSamples.map((s) => `${s.outcome} ${s.status}`)).size).toBe(3);
  const shed = samples.find((s) => s.outcome === 'http_503');
  expect(shed).toMatchObject({ status: 503, contentType: 'application/problem+json', retryAfter: '1' });
  expect(shed?.text).toMatch(/^\{"type":"about:blank".*äöü/);
  const broken = samples.find((s) => s.outcome === 'connection' || s.outcome === 'timeout');
  expect(broken).toMatchObject({ status: 0, contentType: null, retryAfter: null });
  expect(broken?.text).not.toBe('');
});

test('responses that said when to retry are counted', () => {
  const told = windows.reduce((sum, w) => sum + w.retryAfter, 0);
  expect(told).toBe(ended('http_503') + ended('http_429'));
});

test('live summaries agree with the windows and say when the load is complete', () => {
  const items = run.lines('items.jsonl');
  const byTime = new Map(windows.map((w) => [w.t, w]));
  for (const { pk, sk, data, expiresAt } of items) {
    const summary = windowSummarySchema.parse(data);
    expect([pk, sk]).toEqual(['run#test-run', `window#${summary.t}`]);
    expect(expiresAt - summary.t).toBeGreaterThanOrEqual(30 * 86_400);
    expect(expiresAt - summary.t).toBeLessThan(30 * 86_400 + 30);
    const window = byTime.get(summary.t)!;
    expect(summary.requests).toBe(total(window.cells));
    expect(summary.users).toBe(window.users);
    const all = merged(window.cells.map((cell) => decodeCounts(cell.histogram)));
    const quantiles = [0.5, 0.95, 0.99].map((q) => quantileMs(all, q));
    expect([summary.p50Ms, summary.p95Ms, summary.p99Ms]).toEqual(quantiles);
  }
  expect(items.map((i) => i.data.t)).toEqual(windows.map((w) => w.t));
  expect(items.filter((i) => i.data.users === users && i.data.workers === 2).length).toBeGreaterThanOrEqual(3);
});

test('the generator reports its own health', () => {
  expect(generator.expectedWorkers).toBe(2);
  expect(generator.workers).toHaveLength(2);
  expect(generator.lostWorkers).toEqual([]);
  for (const worker of generator.workers) {
    expect(worker.reports).toBeGreaterThanOrEqual(5);
    expect(worker.cpuMean).toBeGreaterThan(0);
    expect(worker.cpuMax).toBeGreaterThanOrEqual(worker.cpuMean);
    expect(worker.cpuMax).toBeLessThan(1.5);
    expect(worker.lagMaxMs).toBeGreaterThanOrEqual(0);
    // They report once a second, and have the clock of the same machine.
    expect(worker.silenceMaxMs).toBeGreaterThan(500);
    expect(Math.abs(worker.clock!.offsetMs)).toBeLessThanOrEqual(worker.clock!.uncertaintyMs + 0.1);
  }
  expect(generator.versions).toMatchObject({ locust: '2.47.0', hdrhistogram: '0.10.8' });
  expect(JSON.parse(run.object('generator.json')).delivery).toMatchObject({ errors: 0, undelivered: 0 });
});

test("Locust's statistics travel with the evidence, as its own files have them", () => {
  expect(aggregatedRow(run.object('locust/stats.csv'))).toEqual(run.aggregated());
  expect(run.object('locust/failures.csv')).toMatch(/^Method,Name,Error,Occurrences/);
});

test('a Locust file that marks no writes leaves an empty ledger', () => {
  expect(run.objects('ledger')).toEqual([]);
});

/** Response times in milliseconds as the Locust file itself saw them, in ascending order. */
function rawTimes(endpoint: string): number[] {
  return readdirSync(raw)
    .flatMap((file) => readFileSync(join(raw, file), 'utf8').split('\n'))
    .map((line) => line.split('\t'))
    .filter(([name]) => name === endpoint)
    .map(([, ms]) => Number(ms))
    .sort((a, b) => a - b);
}
