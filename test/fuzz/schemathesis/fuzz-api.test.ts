import { apiHandler } from '../../../lambdas/api/api.ts';
import { runIdOf } from '../../../lambdas/game-day/game-day.ts';
import { operatorArn } from '../../lambdas/support/api.ts';
import { ApiOnStore } from '../../lambdas/support/api-on-store.ts';
import { type Store, startStore } from '../../lambdas/support/store.ts';
import { serveApi } from '../../support/loopback-api.ts';
import { ensureFuzzer, fuzzApi } from './fuzz-api.ts';

let store: Store;
beforeAll(async () => {
  await ensureFuzzer(() => {});
  store = await startStore();
}, 180_000);
afterAll(() => store.stop());

test('no request that Schemathesis makes up gets a 5xx, or an answer that docs/openapi.json does not have', async () => {
  const api = new ApiOnStore(store);
  const { body } = await api.start({ scenarios: ['control'] });
  const { gameDayId } = body;
  const server = await serveApi(
    apiHandler(() => api.services),
    operatorArn,
  );
  try {
    const { requests, statuses, failures } = await fuzzApi({
      url: server.url,
      phases: ['examples', 'fuzzing', 'stateful'],
      examples: 6,
      seed: 1,
      known: {
        target: { pattern: '[a-z][a-z0-9-]{0,40}', ids: [api.id] },
        targetId: { pattern: '[a-z][a-z0-9-]{0,40}', ids: [api.id] },
        gameDayId: { pattern: '[a-z0-9][a-z0-9-]{2,39}', ids: [gameDayId] },
        runId: { pattern: '[a-z0-9][a-z0-9-]{2,63}', ids: [runIdOf(gameDayId, 'control')] },
        name: { pattern: '[a-z][a-z0-9-]{0,40}', ids: ['one', 'two', 'three'] },
      },
    });
    expect(failures).toBe('');
    expect(requests).toBeGreaterThan(100);
    expect(statuses).toMatchObject({ 200: expect.any(Number), 202: expect.any(Number), 400: expect.any(Number) });
  } finally {
    await server.close();
  }
}, 90_000);
