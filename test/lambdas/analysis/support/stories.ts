import { cacheFailure } from '../../../../lambdas/scenarios/cache-failure.ts';
import { control } from '../../../../lambdas/scenarios/control.ts';
import { databaseFailure } from '../../../../lambdas/scenarios/database-failure.ts';
import type { Answer } from './load.ts';
import type { Story } from './story.ts';

/** Log-normal response times around a median, as a healthy service shows them. */
export const around = (medianMs: number, random: () => number, spread = 0.4): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return medianMs * Math.exp(spread * normal);
};

export const served = (random: () => number, medianMs = 4): Answer => ({
  outcome: 'ok',
  ms: around(medianMs, random),
  cache: random() < 0.9 ? 'hit' : 'miss',
  queries: 1,
});

const refused: Answer = {
  outcome: 'http_503',
  status: 503,
  ms: 3,
  retryAfter: true,
  text: '{"title":"Service Unavailable","status":503}',
};

const raw: Answer = {
  outcome: 'http_5xx',
  status: 500,
  ms: 900,
  text: 'Error: connect ECONNREFUSED 198.18.0.7:5432\n    at TCPConnectWrap.afterConnect (node:net:1611:16)',
};

export const controlRun: Story = {
  scenario: control,
  answer: (_at, _endpoint, _t, random) => served(random),
};

/** Says 503 at once, keeps serving what needs no database, comes back by itself, loses nothing. */
export const resilientDatabase: Story = {
  scenario: databaseFailure,
  answer: (at, endpoint, t, random) =>
    at >= t.fault && at < t.recovered && endpoint !== 'GET /' ? refused : served(random),
  health: (at, t) => (at >= t.fault + 1 && at < t.restored + 0.5 ? 503 : 200),
  app: (at, t) => ({ databaseReconnects: at > t.restored ? 8 : 0, databaseRetries: at > t.fault ? 30 : 0 }),
  write: (at, _class, t) =>
    at >= t.fault && at < t.recovered ? { outcome: 'refused', found: 'missing' } : { outcome: 'acked', found: 'found' },
};

/** Hangs or answers with stack traces, says it is healthy, must be restarted, acknowledges what it then loses. */
export const fragileDatabase: Story = {
  scenario: databaseFailure,
  recoverSeconds: 18,
  answer: (at, _endpoint, t, random) => (at >= t.fault && at < t.recovered ? raw : served(random)),
  health: () => 200,
  app: (at, t) => ({
    queueLimit: null,
    queueLength: at >= t.fault && at < t.recovered ? 90 : 0,
    processStart: at > t.restored ? t.restored : 1_759_990_000,
  }),
  write: (at, _class, t) => ({ outcome: 'acked', found: at >= t.fault - 3 && at < t.recovered ? 'missing' : 'found' }),
};

/** Serves everything from the database while the cache is away. */
export const resilientCache: Story = {
  scenario: cacheFailure,
  restoreSeconds: 2.4,
  recoverSeconds: 2.4,
  answer: (at, _endpoint, t, random) =>
    at >= t.fault && at < t.restored
      ? { outcome: 'ok', ms: around(6, random), cache: 'miss', queries: 4 }
      : served(random),
  app: (at, t) => ({
    rateLimitFallback: at <= t.fault ? 0 : Math.round(100 * (Math.min(at, t.restored) - t.fault)),
  }),
};

/** A cache failure is an error, and the sessions are gone with it. */
export const fragileCache: Story = {
  scenario: cacheFailure,
  restoreSeconds: 2.4,
  recoverSeconds: 6.4,
  answer: (at, _endpoint, t, random) =>
    at >= t.fault && at < t.recovered
      ? { ...raw, ms: 5200, cache: 'error', ...(at > t.restored ? { outcome: 'http_4xx' as const, status: 401 } : {}) }
      : served(random),
  app: (at, t) => ({
    rateLimitAllowed: Math.round(100 * (Math.min(at, t.fault) - t.load)),
    rateLimitDenied: 0,
  }),
  write: (at, dataClass, t) => ({
    outcome: at >= t.fault && at < t.recovered ? 'refused' : 'acked',
    found: dataClass === 'sessions' && at < t.restored ? 'missing' : 'found',
  }),
};
