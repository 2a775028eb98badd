import { logger } from '../../../lambdas/aws/logger.ts';
import { type ApiOnStore, apiOnOwnStore } from '../support/api-on-store.ts';
import { FakeServices } from '../support/dependencies.ts';
import { anUndoRecord, start } from '../support/run.ts';

const { Api, store } = apiOnOwnStore();

describe('a dry run', () => {
  const dry = (api: ApiOnStore) => api.start({ scenarios: ['control', 'cache-failure'], dryRun: true });

  test('tells what each scenario would touch, and touches nothing', async () => {
    const api = new Api();
    expect(await dry(api)).toMatchObject({
      status: 200,
      body: {
        target: api.id,
        wouldTouch: [
          { scenario: 'control', touches: [] },
          {
            scenario: 'cache-failure',
            touches: [
              {
                kind: 'service',
                id: `shop/${api.cache}`,
                change: `ECS service ${api.cache} in cluster shop: desired count to 0, then back to what it was`,
              },
            ],
          },
        ],
        refusals: [],
      },
    });
    expect([api.started, api.ecs.mutations, await api.leases()]).toEqual([[], [], []]);
  });

  test('tells everything that would refuse it, each thing once', async () => {
    const api = new Api({ safety: { excludedWindows: [{ from: '07:00', to: '09:00' }] } });
    api.services.alarms = { alarming: async () => ['sales'] } as never;
    await api.services.leases.take([`target/${api.id}`], 'somebody', async () => true);
    Object.assign(api.ecs, new FakeServices({ [api.cache]: { desiredCount: 0 } }));
    const { status, body } = await dry(api);
    expect(status).toBe(200);
    const both = ['control', 'cache-failure'];
    expect(body.refusals).toEqual([
      { error: 'TargetLeased', detail: expect.stringContaining('somebody'), scenarios: both },
      { error: 'TimeExcluded', detail: expect.stringContaining('07:00'), scenarios: both },
      { error: 'AlarmActive', detail: expect.stringContaining('sales'), scenarios: both },
      { error: 'FaultRefused', detail: expect.stringContaining('desired count of 0'), scenarios: ['cache-failure'] },
    ]);
  });

  test('of a target that nobody restored says so, and one whose lease merely expired is free', async () => {
    const api = new Api();
    await api.services.leases.take([`target/${api.id}`], `${api.id}-left`, async () => true);
    api.clock.set(start + 3600);
    expect((await dry(api)).body.refusals).toEqual([]);
    await store().undoRecords.write(anUndoRecord(`${api.id}-left`));
    expect((await dry(api)).body.refusals).toMatchObject([{ error: 'TargetNotRestored' }]);
  });

  test('that fails for a reason of ours is no refusal', async () => {
    const api = new Api();
    api.services.alarms = { alarming: () => Promise.reject(new Error('AccessDenied')) } as never;
    const told = jest.spyOn(logger, 'error').mockImplementation(() => {});
    expect(await dry(api)).toMatchObject({ status: 500 });
    told.mockRestore();
  });
});
