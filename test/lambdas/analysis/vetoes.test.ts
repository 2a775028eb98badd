import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import type { GeneratorReport } from '../../../lambdas/evidence/window.ts';
import { controlRun, resilientCache, resilientDatabase } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const { evidence, truth } = tell(resilientDatabase);
const generator = evidence.generator!;
const worker = generator.workers[0]!;
const withGenerator = (change: Partial<GeneratorReport>): Partial<Evidence> => ({
  generator: { ...generator, ...change },
});
const without = (type: string) => evidence.events.filter((e) => e.type !== type);

test.each([controlRun, resilientDatabase, resilientCache])('a sound run has none ($scenario.id)', (story) => {
  const result = analyse(tell(story).evidence);
  expect(result.invalid).toEqual([]);
  expect(result.verdict).toBe('PASS');
});

const cases: [string, string, Partial<Evidence>, RegExp][] = [
  [
    'the fault never landed',
    'fault-not-proven',
    {
      events: [
        ...without('fault-landed'),
        { at: truth.landed, type: 'fault-not-proven', detail: { detail: 'running tasks 1 of 1' } },
      ],
    },
    /running tasks 1 of 1/,
  ],
  ['the fault was not proven gone', 'fault-not-gone', { events: without('fault-gone') }, /not proven to be gone/],
  ['the generator is silent', 'generator-report', { generator: null }, /no report/],
  ['a worker never reported', 'generator-workers', withGenerator({ workers: [worker] }), /only 1 of 2/],
  [
    'a worker was lost',
    'generator-lost-workers',
    withGenerator({ lostWorkers: ['w2'] }),
    /1 of 2 load workers were lost \(w2\)/,
  ],
  [
    'a worker had no CPU left',
    'generator-cpu',
    withGenerator({ workers: [worker, { ...worker, cpuMean: 0.93 }] }),
    /93.0 %.*90.0 %/,
  ],
  [
    'the master had no CPU left',
    'generator-cpu',
    withGenerator({ master: { ...generator.master, cpuMean: 0.95 } }),
    /master used 95.0 %.*90.0 %/,
  ],
  [
    'a worker reported late',
    'generator-late-worker',
    withGenerator({ workers: [worker, { ...worker, silenceMaxMs: 5400 }] }),
    /not heard of for 5,400 ms.*5,000 ms/,
  ],
  [
    'a clock is far from the others',
    'clock-distance',
    withGenerator({ workers: [worker, { ...worker, clock: { offsetMs: -820, uncertaintyMs: 20 } }] }),
    /at least 800 ms apart.*500 ms/,
  ],
  [
    'a worker ran late',
    'generator-lag',
    withGenerator({ workers: [worker, { ...worker, lagMaxMs: 2500 }] }),
    /2,500 ms late.*2,000 ms/,
  ],
  [
    'a slice of the ledger was lost on its way',
    'evidence-delivery',
    withGenerator({ delivery: { errors: 9, lastError: 'AccessDenied', undelivered: 2, summariesDropped: 0 } }),
    /2 pieces of evidence did not reach their store, none may be missing \(AccessDenied\)/,
  ],
  [
    'Locust counted more',
    'generator-count',
    withGenerator({ locust: { requests: generator.locust.requests + 1, failures: generator.locust.failures } }),
    /Locust counted/,
  ],
  [
    'windows are missing',
    'windows-incomplete',
    { windows: evidence.windows.filter((w) => w.t !== Math.floor(truth.revert)) },
    /of the .* that the load generator wrote/,
  ],
  [
    'the observer was blind',
    'observer-gap',
    { samples: evidence.samples.filter((s) => s.t < truth.hold + 2 || s.t > truth.hold + 7) },
    /blind for \d.\d s.*limit is 3 s/,
  ],
  ['the observer ended early', 'observer-gap', { samples: evidence.samples.filter((s) => s.t < truth.after) }, /blind/],
  [
    'the live baseline was refused',
    'baseline-not-steady',
    {
      events: [
        ...evidence.events,
        { at: truth.inject, type: 'steady-state', detail: { reached: false, detail: 'health was 503' } },
      ],
    },
    /health was 503/,
  ],
];

test.each(cases)('%s: INVALID by %s, with figure and limit', (_what, id, change, text) => {
  const result = analyse({ ...evidence, ...change });
  expect(result.verdict).toBe('INVALID');
  expect(result.invalid.find((v) => v.id === id)?.text).toMatch(text);
  expect(result.score).toBeNull();
  expect(result.strengths).toEqual([]);
});

const unsteady: [string, string, Partial<Story>, RegExp][] = [
  ['errors', 'baseline-not-steady', { answer: () => ({ outcome: 'http_5xx', ms: 4 }) }, /error rate is 100.0 %/],
  ['too little traffic', 'too-little-traffic', { rps: 2 }, /too little traffic: 10 requests in 5 s.* at least 20/],
  ['a failing health check', 'baseline-not-steady', { health: () => 503 }, /health was not 200/],
];

test.each(unsteady)('a baseline with %s: INVALID by %s', (_what, id, change, text) => {
  const result = analyse(tell({ ...resilientDatabase, ...change }).evidence);
  expect(result.verdict).toBe('INVALID');
  expect(result.invalid.find((v) => v.id === id)?.text).toMatch(text);
});

test('a clock of which it is not certain that it is beyond the limit is no veto', () => {
  const unsure = { ...worker, clock: { offsetMs: 600, uncertaintyMs: 150 } };
  expect(analyse({ ...evidence, ...withGenerator({ workers: [worker, unsure] }) }).invalid).toEqual([]);
});

test('a reader that calls a key found that was never written: INVALID', () => {
  const readback = evidence.readback.map((r) => (r.control ? { ...r, found: 'found' as const } : r));
  const result = analyse({ ...evidence, readback });
  expect(result.verdict).toBe('INVALID');
  expect(result.invalid.find((v) => v.id === 'positive-control')?.text).toMatch(/did not come back as missing/);
});

test('a peak of CPU alone is no veto', () => {
  const result = analyse({ ...evidence, ...withGenerator({ workers: [worker, { ...worker, cpuMax: 1 }] }) });
  expect(result.invalid).toEqual([]);
});

test('slices of one second, in any order, are one second', () => {
  const halves = evidence.windows.flatMap((w) => [
    { ...w, cells: w.cells.slice(0, 2), retryAfter: 0, errorSamples: [] },
    { ...w, cells: w.cells.slice(2) },
  ]);
  const shuffled = halves.map((w, i) => ({ w, order: (i * 7919) % halves.length })).sort((a, b) => a.order - b.order);
  const whole = analyse(evidence);
  const sliced = analyse({
    ...evidence,
    windows: shuffled.map((s) => s.w),
    samples: [...evidence.samples, ...evidence.samples.map((s) => ({ ...s, at: s.at + 0.2 }))].reverse(),
  });
  expect(sliced.metrics).toEqual(whole.metrics);
  expect(sliced.rto).toEqual(whole.rto);
  expect(sliced.behaviours).toEqual(whole.behaviours);
});
