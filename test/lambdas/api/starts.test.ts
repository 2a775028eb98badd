import { logger } from '../../../lambdas/aws/logger.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { type ApiAnswer, operatorArn, problem } from '../support/api.ts';
import { type ApiOnStore, apiOnOwnStore } from '../support/api-on-store.ts';
import { FakeServices } from '../support/dependencies.ts';
import { anUndoRecord, start } from '../support/run.ts';

const { Api, store } = apiOnOwnStore();

describe('a start', () => {
  test('on a deployment of dry runs is one, whatever it says, of game-days and of runs', async () => {
    const api = new Api({ services: { onlyDryRuns: true } });
    const starts = [
      await api.start({ dryRun: false }),
      await api.call({ method: 'POST', path: '/runs', body: { target: api.id, scenario: 'control' } }),
    ];
    for (const { status, body } of starts) expect([status, body.wouldTouch]).toEqual([200, [expect.anything()]]);
    expect([api.started, await api.leases()]).toEqual([[], []]);
  });

  test('is accepted: its first run has the target, its record is there and its machine runs', async () => {
    const api = new Api();
    const { status, headers, body } = await api.start({ scenarios: ['control', 'cache-failure'], profile: 'full' });
    const { gameDayId } = body;
    expect(status).toBe(202);
    expect(gameDayId).toMatch(/^gd-20270115-080000-[a-z0-9]{6}$/);
    expect(headers.location).toBe(`game-days/${gameDayId}`);
    expect(body.runs).toEqual([
      { runId: `${gameDayId}-control`, scenario: 'control' },
      { runId: `${gameDayId}-cache-failure`, scenario: 'cache-failure' },
    ]);
    const plan = { gameDayId, target: api.id, scenarios: ['control', 'cache-failure'], profile: 'full' };
    expect(api.started).toMatchObject([plan]);
    expect((await api.leases()).map(({ resource, runId }) => [resource, runId])).toEqual([
      [`service/shop/${api.cache}`, `${gameDayId}-control`],
      [`target/${api.id}`, `${gameDayId}-control`],
    ]);
    expect(await api.get(`/game-days/${gameDayId}`)).toMatchObject({ status: 200, body: { ...plan, endedAt: null } });
  });

  test('without more than a target is quick and has every scenario that there is', async () => {
    const api = new Api();
    const { body: dry } = await api.start({ scenarios: undefined, dryRun: true });
    const { status, body } = await api.start({ scenarios: undefined, profile: undefined });
    expect(status).toBe(202);
    expect(api.started).toMatchObject([{ profile: 'quick', scenarios: availableScenarios.map((s) => s.id) }]);
    const ids = (of: { scenario: string }[]) => of.map(({ scenario }) => scenario);
    expect([...ids(body.runs), ...ids(body.inapplicable)].sort()).toEqual(availableScenarios.map((s) => s.id).sort());
    expect([ids(dry.wouldTouch), dry.inapplicable]).toEqual([ids(body.runs), body.inapplicable]);
  });

  test('leaves out what does not apply to the target, and says so; a repeated request is told the same', async () => {
    const api = new Api();
    const scenarios = ['database-failure', 'cache-failure'];
    const key = { 'Idempotency-Key': api.id };
    const { body } = await api.start({ scenarios }, key);
    const runId = `${body.gameDayId}-cache-failure`;
    expect(body.runs).toEqual([{ runId, scenario: 'cache-failure' }]);
    const reason = `target '${api.id}' has no database: this scenario does not apply to it`;
    expect(body.inapplicable).toEqual([{ scenario: 'database-failure', reason }]);
    expect((await api.leases()).map((lease) => lease.runId)).toEqual([runId, runId]);
    expect((await api.start({ scenarios }, key)).body).toEqual(body);
    expect((await api.get(`/game-days/${body.gameDayId}`)).body).toMatchObject({ scenarios, runs: body.runs });
  });

  test('is refused where nothing that was asked for applies to the target', async () => {
    const api = new Api();
    const { status, body } = await api.start({ scenarios: ['database-failure'] });
    expect([status, body.detail]).toEqual([422, expect.stringContaining('has no database')]);
    expect([api.started, await api.leases()]).toEqual([[], []]);
  });

  test('of twenty at the same moment one is accepted, and the others are told the run that has the target', async () => {
    const api = new Api();
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.start()));
    const accepted = answers.filter((a) => a.status === 202);
    expect(accepted).toHaveLength(1);
    expect(api.started).toHaveLength(1);
    const holder = accepted[0]!.body.runs[0].runId;
    for (const answer of answers.filter((a) => a.status !== 202)) {
      expect(answer).toEqual(problem(409, 'target-leased', expect.stringContaining(holder), { holder }));
    }
  }, 60_000);

  test('that the machine does not take gives the target back, and is over', async () => {
    const api = new Api();
    api.onStart = () => {
      throw new Error('no capacity');
    };
    const told = jest.spyOn(logger, 'error').mockImplementation(() => {});
    const detail = 'The request failed for a reason of ours; it was logged.';
    expect(await api.start({}, { 'Idempotency-Key': api.id })).toEqual(problem(500, 'about:blank', detail));
    expect(told).toHaveBeenCalledWith('the request failed', {
      requestId: 'request-1',
      error: expect.objectContaining({ message: 'no capacity' }),
    });
    told.mockRestore();
    expect(await api.leases()).toEqual([]);
    api.onStart = () => {};
    expect(await api.start({}, { 'Idempotency-Key': api.id })).toMatchObject({ status: 202 });
  });

  test.each<[string, number, string, (api: ApiOnStore) => Promise<unknown> | unknown, object?]>([
    ['the target is unknown', 404, 'target-not-found', () => {}, { target: 'nobody' }],
    [
      'its last run left its fault',
      409,
      'target-not-restored',
      async (api) => {
        await api.services.leases.take([`target/${api.id}`], `${api.id}-left`, async () => true);
        await store().undoRecords.write(anUndoRecord(`${api.id}-left`));
        api.clock.set(start + 3600);
      },
    ],
    [
      'the time is excluded',
      409,
      'time-excluded',
      (api) => {
        api.target.safety = safetySchema.parse({ excludedWindows: [{ from: '07:00', to: '09:00' }] });
      },
    ],
    [
      'an alarm is in ALARM',
      409,
      'alarm-active',
      (api) => {
        api.services.alarms = { alarming: async () => ['sales'] } as never;
      },
    ],
    [
      'its service has not opted in',
      422,
      'fault-refused',
      (api) => {
        Object.assign(api.ecs, new FakeServices({ [api.cache]: { optedIn: false } }));
      },
      { scenarios: ['control', 'cache-failure'] },
    ],
    ['the target has no such service', 422, 'fault-refused', () => {}, { scenarios: ['database-failure'] }],
  ])('is refused at once when %s', async (_why, status, type, arrange, body = {}) => {
    const api = new Api();
    await arrange(api);
    expect(await api.start(body, { 'Idempotency-Key': api.id })).toEqual(problem(status, type, expect.any(String)));
    expect(api.started).toEqual([]);
    expect((await api.leases()).map((l) => l.runId).filter((id) => id.startsWith('gd-'))).toEqual([]);
    // The key is free again.
    expect(await api.services.keys.get(api.id, start)).toBeNull();
  });

  test('is refused while the safety lever is pulled, with who pulled it and why', async () => {
    const api = new Api();
    await api.call({ method: 'PUT', path: '/safety-lever', body: { pulled: true, reason: 'sale today' } });
    const detail = `the safety lever was pulled by ${operatorArn}: sale today; release it to start runs again`;
    expect(await api.start()).toEqual(problem(423, 'lever-pulled', detail));
    await api.call({ method: 'PUT', path: '/safety-lever', body: { pulled: false, reason: 'sale is over' } });
    expect(await api.start()).toMatchObject({ status: 202 });
  });
});

describe('an idempotency key', () => {
  test('sent again with the same request is the same game-day, however the header is written', async () => {
    const api = new Api();
    const first = await api.start({}, { 'Idempotency-Key': `key-${api.id}` });
    const again = await api.start({}, { 'idempotency-key': `key-${api.id}` });
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(again).toMatchObject({ status: 202, headers: { 'idempotent-replayed': 'true' }, body: first.body });
    expect(api.started).toHaveLength(1);
  });

  test('sent ten times at the same moment is one game-day, the others wait until it has been started', async () => {
    const api = new Api();
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.start({}, { 'Idempotency-Key': api.id })));
    expect(new Set(answers.map((a) => `${a.status} ${a.body.gameDayId}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(202);
    expect(answers.filter((a) => a.headers['idempotent-replayed'] === 'true')).toHaveLength(9);
    expect(api.started).toHaveLength(1);
  }, 60_000);

  test('sent with another request is refused, while the first is being started and afterwards', async () => {
    const api = new Api();
    const detail = 'this Idempotency-Key was used for another request already';
    const other = () => api.start({ profile: 'full' }, { 'Idempotency-Key': api.id });
    let meanwhile: ApiAnswer | undefined;
    api.onStart = async () => {
      meanwhile = await other();
    };
    expect(await api.start({}, { 'Idempotency-Key': api.id })).toMatchObject({ status: 202 });
    for (const answer of [meanwhile, await other()]) {
      expect(answer).toEqual(problem(422, 'idempotency-key-reused', detail));
    }
    expect(api.started).toHaveLength(1);
  });

  test('is told to wait when the first start takes too long, and is taken over when that one is gone', async () => {
    const api = new Api();
    const gameDayId = `gd-${api.id}`;
    await api.start({}, { 'Idempotency-Key': `other-${api.id}` });
    await api.services.leases.release(`${api.started[0]!.gameDayId}-control`);
    const request = (await api.services.keys.get(`other-${api.id}`, start))!.request;
    await api.services.keys.take(api.id, { gameDayId, request, at: start }, null);

    const pending = await api.start({}, { 'Idempotency-Key': api.id });
    expect(pending).toEqual(problem(409, 'start-pending', expect.stringContaining('try again')));
    expect(pending.headers['retry-after']).toBe('5');
    api.clock.set(start + 31);
    const taken = await api.start({}, { 'Idempotency-Key': api.id });
    expect(taken).toMatchObject({ status: 202, body: { gameDayId } });
    expect(api.started).toHaveLength(2);
    const replayed = await api.start({}, { 'Idempotency-Key': api.id });
    expect(replayed).toMatchObject({ headers: { 'idempotent-replayed': 'true' }, body: { gameDayId } });
  });

  test('is forgotten after a day by the clock, and used by no start without one', async () => {
    const api = new Api();
    const key = { 'Idempotency-Key': api.id };
    const first = await api.start({}, key);
    await api.services.leases.release(first.body.runs[0].runId);
    api.clock.set(start + 24 * 3600 - 1);
    expect(await api.start({}, key)).toMatchObject({ body: first.body });
    api.clock.set(start + 24 * 3600 + 1);
    const next = await api.start({}, key);
    expect(next.status).toBe(202);
    expect(next.body.gameDayId).not.toBe(first.body.gameDayId);
    await api.services.leases.release(next.body.runs[0].runId);
    expect((await api.start()).body.gameDayId).not.toBe(next.body.gameDayId);
  });
});

describe('a suite', () => {
  test('is started by its id, with its order, pause, policy and overrides; what was asked for goes before', async () => {
    const api = new Api();
    const pause = { suite: 'weekly', scenarios: undefined, coolDownSeconds: 5 };
    const { status, body } = await api.start({ ...pause, overrides: { 'cache-failure': { seconds: { fault: 5 } } } });
    expect([status, body.runs.map((r: { scenario: string }) => r.scenario)]).toEqual([
      202,
      ['control', 'cache-failure'],
    ]);
    const overrides = {
      'network-latency': { parameters: { delayMs: 250 } },
      'cache-failure': { seconds: { fault: 5 } },
    };
    const record = { suite: 'weekly', coolDownSeconds: 5, stopOnFailure: 'fail', overrides, startedBy: operatorArn };
    expect((await api.get(`/game-days/${body.gameDayId}`)).body).toMatchObject(record);
    expect(api.started).toMatchObject([{ suite: 'weekly', overrides }]);
  });

  test.each<[string, object, number, string]>([
    ['is no suite', { suite: 'nothing', scenarios: undefined }, 404, 'suite-not-found'],
    ['is named beside scenarios', { suite: 'weekly' }, 400, 'input-invalid'],
    ['has no such parameter', { overrides: { control: { parameters: { delayMs: 5 } } } }, 400, 'overrides-invalid'],
  ])('what %s is refused', async (_what, body, status, type) => {
    const api = new Api();
    expect(await api.start(body)).toEqual(problem(status, type, expect.any(String)));
    expect(api.started).toEqual([]);
  });

  test('a parameter beyond what its fault takes is refused with the bound, and what is hit cannot be changed', async () => {
    const api = new Api();
    const asked = (parameters: object) =>
      api.start({ scenarios: ['network-latency'], overrides: { 'network-latency': { parameters } } });
    expect(await asked({ delayMs: 20_000 })).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/10000/) },
    });
    expect(await asked({ device: 'eth1' })).toMatchObject({ status: 400 });
  });
});
