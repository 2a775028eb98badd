import { behaviours } from '../../../../lambdas/analysis/behaviours/registry.ts';
import { factsOf } from '../../../../lambdas/analysis/facts.ts';
import { availableScenarios } from '../../../../lambdas/scenarios/registry.ts';
import {
  controlRun,
  fragileCache,
  fragileDatabase,
  resilientCache,
  resilientDatabase,
  served,
} from '../support/stories.ts';
import { type Story, tell } from '../support/story.ts';
import { type Case, pressureCases } from './pressure-cases.ts';

const observe = (id: string, story: Story) => behaviours[id]!(factsOf(tell(story).evidence));

/** Every check, both ways: the story under which it is seen and those under which it is not. */
const cases: Case[] = [
  ...pressureCases,
  ['health-stays-up', 'healthy', controlRun, 'yes', /45 of 45 health probes were 200/],
  [
    'health-stays-up',
    'one lost probe',
    { ...controlRun, health: (at, t) => (Math.floor(at - t.inject) === 3 ? null : 200) },
    'yes',
    /1 got no answer/,
  ],
  [
    'health-stays-up',
    'failing',
    { ...controlRun, health: (at, t) => (at > t.inject + 5 ? 503 : 200) },
    'no',
    /of 45 health probes were 200/,
  ],
  ['no-deviation', 'healthy', controlRun, 'yes', /stayed in their bands for \d+ s/],
  [
    'no-deviation',
    'slower after 5 s',
    { ...controlRun, answer: (at, _e, t, random) => served(random, at > t.inject + 5 ? 90 : 4) },
    'no',
    /response time left its band at .*the limit is/,
  ],
  [
    'health-503',
    'said at once',
    resilientDatabase,
    'yes',
    /first 503 \d.\d s after the fault landed .*100 % of \d+ probes/,
  ],
  ['health-503', 'never said', fragileDatabase, 'no', /no 503 in \d+ health probes .*\(seen: 200\)/],
  [
    'health-503',
    'said late',
    { ...resilientDatabase, health: (at, t) => (at > t.fault + 9 && at < t.restored ? 503 : 200) },
    'partly',
    /first 503 [78].\d s after/,
  ],
  [
    'health-503',
    'said now and then',
    {
      ...resilientDatabase,
      health: (at, t) => (at > t.fault && at < t.restored && Math.floor(at) % 2 === 0 ? 503 : 200),
    },
    'partly',
    /% of \d+ probes/,
  ],
  [
    'health-503',
    'never taken back',
    { ...resilientDatabase, health: (at, t) => (at > t.fault ? 503 : 200) },
    'partly',
    /10 of 10 probes not 200 afterwards/,
  ],
  ['error-messages', 'quick 503s', resilientDatabase, 'yes', /100 % were 503 or 429, 100 % said when to retry/],
  ['error-messages', 'raw errors', fragileDatabase, 'no', /0 % were 503 or 429.*leak internals/],
  [
    'error-messages',
    'slow 503s',
    {
      ...resilientDatabase,
      answer: (at, e, t, random) => ({
        ...resilientDatabase.answer(at, e, t, random),
        ...(at > t.fault && at < t.recovered ? { ms: 4000 } : {}),
      }),
    },
    'partly',
    /p95 of their time 4,00\d ms/,
  ],
  [
    'error-messages',
    'no failure',
    { ...resilientDatabase, answer: (_at, _e, _t, random) => served(random) },
    'not-applicable',
    /no request failed/,
  ],
  ['connection-pool', 'bounded', resilientDatabase, 'yes', /4 of 10 connections in use, 0 waiting \(limit 50\)/],
  ['connection-pool', 'unbounded', fragileDatabase, 'no', /90 waiting \(no limit/],
  [
    'connection-pool',
    'beyond its limit',
    { ...resilientDatabase, app: (at, t) => (at > t.fault && at < t.restored ? { queueLength: 80 } : {}) },
    'no',
    /80 waiting \(limit 50\)/,
  ],
  [
    'connection-pool',
    'never drained',
    { ...resilientDatabase, app: (at, t) => (at > t.fault ? { queueLength: 40 } : {}) },
    'no',
    /40 waiting at the end/,
  ],
  [
    'connection-pool',
    'not shown',
    { ...resilientDatabase, app: () => ({ poolInUse: null }) },
    'unknown',
    /no pool metrics/,
  ],
  [
    'automatic-retry',
    'by itself',
    resilientDatabase,
    'yes',
    /recovered 4.7 s after the revert with 8 reconnections.*same process/,
  ],
  ['automatic-retry', 'by a restart', fragileDatabase, 'no', /only after a restart/],
  [
    'automatic-retry',
    'not at all',
    { ...resilientDatabase, recoverSeconds: 90, recoveryLimit: 60 },
    'no',
    /not back in steady state 60.0 s/,
  ],
  [
    'automatic-retry',
    'nobody knows how',
    { ...resilientDatabase, app: () => ({ processStart: null }) },
    'partly',
    /restarted is not known/,
  ],
  ['graceful-degradation', 'part is served', resilientDatabase, 'yes', /1 of 4 endpoints.*GET \/ 100 %/],
  ['graceful-degradation', 'all fails', fragileDatabase, 'no', /0 of 4 endpoints/],
  [
    'graceful-degradation',
    'all of it sometimes',
    {
      ...resilientDatabase,
      answer: (at, _e, t, random) =>
        at > t.fault && at < t.recovered && random() < 0.3 ? { outcome: 'http_503', ms: 3 } : served(random),
    },
    'partly',
    /best:/,
  ],
  [
    'graceful-degradation',
    'all hangs',
    {
      ...resilientDatabase,
      rps: (s, t) => (s >= t.fault - 1 && s < t.recovered ? 0 : 100),
      answer: (_at, _e, _t, random) => served(random),
    },
    'no',
    /no request ended/,
  ],
  ['fail-open-caching', 'bypassed', resilientCache, 'yes', /error rate 0 %.*cache hit rate 0 %/],
  ['fail-open-caching', 'an error', fragileCache, 'no', /error rate 100 %/],
  [
    'fail-open-caching',
    'merely hanging',
    { ...resilientCache, rps: (s, t) => (s >= t.fault && s < t.restored ? 20 : 100) },
    'no',
    /20.\d % of the usual successful requests/,
  ],
  [
    'fail-open-caching',
    'a few errors',
    {
      ...resilientCache,
      answer: (at, e, t, random) =>
        at > t.fault && at < t.restored && random() < 0.04
          ? { outcome: 'http_5xx', ms: 3 }
          : resilientCache.answer(at, e, t, random),
    },
    'partly',
    /error rate [345].\d %/,
  ],
  [
    'fail-open-caching',
    'the cache still there',
    { ...resilientCache, answer: (_at, _e, _t, random) => served(random) },
    'unknown',
    /the cache still answered/,
  ],
  [
    'database-fallback',
    'more queries',
    resilientCache,
    'yes',
    /100 % of .* reads succeeded, 1.00 to 4.\d\d database queries/,
  ],
  ['database-fallback', 'failing reads', fragileCache, 'no', /0 % of .* reads succeeded/],
  ['rate-limiting', 'decides locally', resilientCache, 'yes', /decided without the store/],
  ['rate-limiting', 'fails with its store', fragileCache, 'no', /0 admitted/],
  [
    'rate-limiting',
    'refuses',
    { ...resilientCache, app: (at, t) => ({ rateLimitDenied: at > t.fault ? Math.round(40 * (at - t.fault)) : 0 }) },
    'no',
    /refused/,
  ],
  ['rate-limiting', 'silent', { ...resilientCache, app: () => ({}) }, 'partly', /0 decided without the store/],
  [
    'rate-limiting',
    'none',
    { ...resilientCache, app: () => ({ rateLimitAllowed: null }) },
    'not-applicable',
    /shows no rate limiter/,
  ],
  ['session-storage', 'durable', resilientCache, 'yes', /19 of 19 sessions/],
  ['session-storage', 'gone', fragileCache, 'no', /lost/],
  [
    'session-storage',
    'lost without a single 401',
    {
      ...resilientCache,
      write: (at, dataClass, t) => ({
        outcome: 'acked',
        found: dataClass === 'sessions' && at < t.fault && at > t.fault - 6 ? 'missing' : 'found',
      }),
    },
    'no',
    /[1-9] lost, 0 unreadable, 0 of the sampled/,
  ],
  [
    'session-storage',
    'logged out',
    {
      ...resilientCache,
      answer: (at, e, t, random) =>
        at > t.restored && at < t.restored + 2 && e === 'GET /stories'
          ? { outcome: 'http_4xx', status: 401, ms: 2 }
          : resilientCache.answer(at, e, t, random),
    },
    'no',
    /[1-9]\d* of the sampled failures were 401/,
  ],
  ['performance-impact', 'small', resilientCache, 'yes', /p95 7.\d ms before/],
  ['performance-impact', 'large', fragileCache, 'no', /5,20\d ms during/],
  [
    'performance-impact',
    'noticeable',
    { ...resilientCache, answer: (at, _e, t, random) => served(random, at > t.fault && at < t.restored ? 20 : 4) },
    'partly',
    /× [45].\d/,
  ],
];

test.each(cases)('%s: %s', (id, _what, story, observed, evidence) => {
  const seen = observe(id, story);
  expect(seen.evidence).toMatch(evidence);
  expect(seen.observed).toBe(observed);
});

test('every behaviour of an available scenario has a check that was seen as yes and as no', () => {
  const ids = availableScenarios.flatMap((s) => s.behaviours.map((b) => b.id));
  for (const id of ids) {
    const outcomes = cases.filter(([c]) => c === id).map(([, , , observed]) => observed);
    expect(outcomes).toEqual(expect.arrayContaining(['yes', 'no']));
  }
});

test.each(Object.keys(behaviours))('%s is unknown, with the reason, when nothing was measured', (id) => {
  const { evidence } = tell(resilientDatabase);
  const events = evidence.events.filter((e) => e.at < evidence.events.find((p) => p.detail.phase === 'baseline')!.at);
  const empty = { ...evidence, events, windows: [], samples: [], ledger: [], readback: [], generator: null };
  expect(behaviours[id]!(factsOf(empty))).toMatchObject({
    observed: 'unknown',
    evidence: expect.stringMatching(/not measured/),
  });
});
