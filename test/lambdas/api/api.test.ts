import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { apiHandler } from '../../../lambdas/api/api.ts';
import { logger } from '../../../lambdas/aws/logger.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { ScheduleRefused } from '../../../lambdas/schedules/schedule.ts';
import { type ApiAnswer, type ApiCall, answerOf, eventOf, operatorArn } from '../support/api.ts';
import { ApiOnStore, type ApiOptions } from '../support/api-on-store.ts';
import { FakeServices } from '../support/dependencies.ts';
import { anUndoRecord, aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

class Api extends ApiOnStore {
  constructor(options: ApiOptions = {}) {
    super(store, options);
  }
}

const problem = (status: number, type: string, detail: unknown, more: object = {}): ApiAnswer => ({
  status,
  headers: expect.objectContaining({ 'content-type': 'application/problem+json' }),
  body: {
    type: type === 'about:blank' ? type : `urn:faultline:problem:${type}`,
    title: expect.stringMatching(/^[A-Z][a-z]/),
    status,
    detail,
    instance: 'request-1',
    ...more,
  },
});

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

  test.each<[string, number, string, (api: Api) => Promise<unknown> | unknown, object?]>([
    ['the target is unknown', 404, 'target-not-found', () => {}, { target: 'nobody' }],
    [
      'its last run left its fault',
      409,
      'target-not-restored',
      async (api) => {
        await api.services.leases.take([`target/${api.id}`], `${api.id}-left`, async () => true);
        await store.undoRecords.write(anUndoRecord(`${api.id}-left`));
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

describe('a dry run', () => {
  const dry = (api: Api) => api.start({ scenarios: ['control', 'cache-failure'], dryRun: true });

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
    await store.undoRecords.write(anUndoRecord(`${api.id}-left`));
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

describe('stopping', () => {
  test('a game-day asks every run of it that goes on, and is signed with who asked', async () => {
    const api = new Api();
    const { gameDayId, runs } = (await api.start({ scenarios: ['control', 'cache-failure'] })).body;
    await store.runs.create(aRun({ runId: runs[0].runId, gameDayId }));
    const stop = { method: 'POST', path: `/game-days/${gameDayId}/stop`, body: { reason: 'enough' } };
    expect(await api.call(stop)).toMatchObject({ status: 202, body: { gameDayId, stopped: [runs[0].runId] } });
    const asked = { reason: 'enough', by: operatorArn, at: start };
    expect((await api.get(`/game-days/${gameDayId}`)).body.stopRequested).toEqual(asked);
    expect((await api.get(`/runs/${runs[0].runId}`)).body).toMatchObject({ phase: 'prepare', stopRequested: asked });

    await store.gameDays.finish(gameDayId, start + 1);
    expect(await api.call(stop)).toEqual(problem(409, 'game-day-over', `game-day '${gameDayId}' is over`));
  });

  test('a run: the first reason stays, and one that is over cannot be stopped', async () => {
    const api = new Api();
    const { runId } = aRun();
    await store.runs.create(aRun({ runId }));
    const stop = (reason: string, identity?: ApiCall['identity']) =>
      api.call({ method: 'POST', path: `/runs/${runId}/stop`, body: { reason }, identity });
    const first = await stop('  first ', { userArn: null, caller: 'AROAEXAMPLE:ben' });
    expect(first).toMatchObject({ status: 202, body: { stopRequested: { reason: 'first', by: 'AROAEXAMPLE:ben' } } });
    expect(await stop('second')).toMatchObject({ status: 202, body: first.body });
    await store.runs.finish(runId, 'ABORTED', null, start);
    expect(await stop('third')).toEqual(problem(409, 'run-over', `run '${runId}' is over`));
  });

  test.each(['/runs/nobody/stop', '/game-days/nobody/stop'])('what is not there is a 404: %s', async (path) => {
    const answer = await new Api().call({ method: 'POST', path, body: { reason: 'r' } });
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining("'nobody'") } });
  });
});

test('the safety lever shows how it stands and every move it made', async () => {
  const api = new Api();
  api.clock.set(start + 100);
  const before = (await api.get('/safety-lever')).body.history.length;
  const put = (pulled: boolean, reason: string) =>
    api.call({ method: 'PUT', path: '/safety-lever', body: { pulled, reason } });
  const pulled = { pulled: true, by: operatorArn, reason: 'sale', at: start + 100 };
  expect(await put(true, 'sale')).toMatchObject({ status: 200, body: pulled });
  expect(await put(true, 'again')).toMatchObject({ status: 200, body: pulled });
  api.clock.set(start + 110);
  await put(false, 'over');
  const { status, body } = await api.get('/safety-lever');
  const released = { pulled: false, by: operatorArn, reason: 'over', at: start + 110 };
  expect([status, body]).toEqual([200, { ...released, history: expect.any(Array) }]);
  expect(body.history.slice(before)).toEqual([pulled, released]);
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

test('a run is started as a game-day of one scenario, and both are listed, the latest first, a part at a time', async () => {
  const api = new Api();
  const started = await api.call({ method: 'POST', path: '/runs', body: { target: api.id, scenario: 'control' } });
  const { runId, gameDayId } = started.body;
  expect(started).toMatchObject({ status: 202, headers: { location: `runs/${runId}` }, body: { scenario: 'control' } });
  const others = [1, 2].map((n) => aRun({ createdAt: start + 1e6 + n }));
  for (const run of others) await store.runs.create(run);
  const part = (query: Record<string, string>) => api.call({ method: 'GET', path: '/runs', query });
  const first = (await part({ limit: '1' })).body;
  expect(first.items.map((r: { runId: string }) => r.runId)).toEqual([others[1]!.runId]);
  const second = (await part({ limit: '1', next: first.next })).body;
  expect(second.items.map((r: { runId: string }) => r.runId)).toEqual([others[0]!.runId]);
  const gameDays = await api.call({ method: 'GET', path: '/game-days', query: { limit: '100' } });
  expect(gameDays.body.items.map((g: { gameDayId: string }) => g.gameDayId)).toContain(gameDayId);
  const mixedUp = await api.call({ method: 'GET', path: '/game-days', query: { next: first.next } });
  expect(mixedUp).toEqual(problem(400, 'page-token-invalid', expect.any(String)));
});

test('a run shows its latest seconds, its evidence with links that can be followed, and the way to its report', async () => {
  const api = new Api();
  const run = aRun({ gameDayId: `gd-${api.id}` });
  await store.runs.create(run);
  await store.evidence.put(`runs/${run.runId}/a.json`, '{"a":1}');
  await store.evidence.put(`runs/${run.runId}/b.json`, '{"b":2}');
  const path = `/runs/${run.runId}`;
  expect(await api.get(path)).toMatchObject({ status: 200, body: { runId: run.runId, windows: [] } });
  const { items, next } = (await api.call({ method: 'GET', path: `${path}/evidence`, query: { limit: '1' } })).body;
  expect([items, typeof next]).toMatchObject([[{ path: `runs/${run.runId}/a.json`, bytes: 7 }], 'string']);
  expect(await (await fetch(items[0].url)).json()).toEqual({ a: 1 });
  expect((await fetch(items[0].url.replace('a.json', 'b.json'))).status).toBe(403);

  expect(await api.get(`${path}/report`)).toMatchObject({
    status: 404,
    body: { type: expect.stringMatching(/report-not/) },
  });
  await store.evidence.put(`game-days/${run.gameDayId}/report.md`, '# Report', 'text/markdown');
  const report = await api.call({ method: 'GET', path: `${path}/report`, query: { format: 'md' } });
  expect(report).toMatchObject({ status: 302, body: null });
  expect(await (await fetch(String(report.headers.location))).text()).toBe('# Report');
});

describe('a schedule', () => {
  const body = (api: Api, more: object = {}) => ({
    name: api.id,
    expression: 'cron(0 9 ? * MON *)',
    timeZone: 'Europe/Berlin',
    target: api.id,
    suite: 'weekly',
    ...more,
  });
  const make = (api: Api, more?: object) => api.call({ method: 'POST', path: '/schedules', body: body(api, more) });

  test('is made, shown, paused, resumed and deleted', async () => {
    const api = new Api();
    const path = `/schedules/${api.id}`;
    const made = await make(api);
    expect(made).toMatchObject({ status: 201, body: { createdBy: operatorArn, concurrency: 'forbid', last: null } });
    expect(api.scheduled).toEqual(new Map([[api.id, 'ENABLED']]));
    expect((await api.get(path)).body).toEqual(made.body);
    expect(await make(api)).toEqual(problem(409, 'schedule-exists', expect.any(String)));
    const verb = async (what: string) => (await api.call({ method: 'POST', path: `${path}/${what}` })).body.paused;
    expect([await verb('pause'), api.scheduled.get(api.id)]).toEqual([true, 'DISABLED']);
    expect((await api.get(path)).body.paused).toBe(true);
    expect([await verb('resume'), api.scheduled.get(api.id)]).toEqual([false, 'ENABLED']);
    expect(await api.call({ method: 'DELETE', path })).toMatchObject({ status: 204, body: null });
    expect([api.scheduled.size, (await api.get(path)).status]).toEqual([0, 404]);
  });

  test('that EventBridge Scheduler does not take leaves no record', async () => {
    const put = async () => Promise.reject(new ScheduleRefused('too often'));
    const api = new Api({ services: { scheduler: { put, delete: async () => {} } } });
    expect(await make(api)).toEqual(problem(422, 'schedule-refused', expect.stringMatching(/too often/)));
    expect((await api.get(`/schedules/${api.id}`)).status).toBe(404);
  });

  test.each([
    ['of a target that nobody knows', { target: 'nobody' }, 404],
    ['of the 30th of February', { expression: 'at(2027-02-30T09:00:00)' }, 400],
    ['of both days', { expression: 'cron(0 9 1 * MON *)' }, 400],
    ['in no time zone', { timeZone: 'Mars/Olympus' }, 400],
  ])('%s is refused', async (_what, more, status) => {
    const api = new Api();
    expect((await make(api, more)).status).toBe(status);
    expect(api.scheduled.size).toBe(0);
  });
});

test('scenarios tell their defaults and bounds, targets what is wrong with them', async () => {
  const api = new Api();
  const latency = (await api.get('/scenarios/network-latency')).body.fault.parameters;
  const delay = { name: 'delayMs', type: 'integer', default: 500, minimum: 1, maximum: 10_000, overridable: true };
  expect(latency).toEqual(
    expect.arrayContaining([delay, expect.objectContaining({ name: 'device', overridable: false })]),
  );
  expect((await api.get('/targets')).body.items).toMatchObject([{ id: api.id, valid: true, has: ['cache'] }]);
  const validate = (configuration: object) =>
    api.call({ method: 'POST', path: '/target-validations', body: { configuration } });
  expect((await validate(api.target)).body).toMatchObject({ valid: true, problems: [] });
  const { valid, problems } = (await validate({ ...api.target, endpoint: 'ftp://x' })).body;
  expect([valid, problems]).toEqual([false, [{ path: 'endpoint', message: expect.any(String) }]]);
});

describe('a bad request is refused in one line', () => {
  const bytes = (length: number) => JSON.stringify({ target: 'shop', scenarios: ['x'.repeat(length)] });

  test.each<[string, Partial<ApiCall>, number, string, RegExp]>([
    ['no JSON', { body: '{"target":\n"sh' }, 400, 'not-json', /^the body is not JSON$/],
    ['no body', { body: undefined }, 400, 'not-json', /^the body is missing$/],
    ['another form', { headers: { 'Content-Type': 'text/plain' } }, 415, 'media-type-unsupported', /application\/json/],
    ['too large', { body: bytes(66_000) }, 413, 'body-too-large', /at most 65536/],
    ['an unknown key', { body: { target: 'shop', by: 'me' } }, 400, 'input-invalid', /"by"/],
    ['__proto__', { body: '{"target":"shop","__proto__":{"profile":"full"}}' }, 400, 'input-invalid', /__proto__/],
    ['no target', { body: {} }, 400, 'input-invalid', /^target: /],
    [
      'an unknown scenario',
      { body: { target: 'shop', scenarios: ['slow-querry'] } },
      400,
      'input-invalid',
      /^scenarios.0/,
    ],
    ['a scenario twice', { body: { target: 'shop', scenarios: ['control', 'control'] } }, 400, 'input-invalid', /once/],
    ['a bad key', { headers: { 'Idempotency-Key': 'a b' } }, 400, 'input-invalid', /^Idempotency-Key: /],
    ['nobody', { identity: {} }, 403, 'caller-unknown', /identity/],
    ['an unknown route', { path: '/game-days/x/y/z' }, 404, 'route-unknown', /no POST \/game-days\/x\/y\/z/],
    ['a wrong method', { method: 'DELETE' }, 405, 'method-not-allowed', /it takes POST, GET$/],
    ['a method that is none', { method: '__proto__' }, 405, 'method-not-allowed', /it takes POST, GET$/],
    ['a bad id', { method: 'GET', path: '/runs/UPPER' }, 400, 'input-invalid', /^runId: /],
    [
      'a reason of two lines',
      { path: '/runs/abc/stop', body: { reason: 'a\nb' } },
      400,
      'input-invalid',
      /^reason: .*one line/,
    ],
    ['a reason that hides', { path: '/runs/abc/stop', body: { reason: 'a\u202eb' } }, 400, 'input-invalid', /one line/],
    ['an empty reason', { path: '/runs/abc/stop', body: { reason: '  ' } }, 400, 'input-invalid', /^reason: /],
  ])('%s', async (_what, changes, status, type, detail) => {
    const api = new Api();
    const call = { method: 'POST', path: '/game-days', body: { target: 'shop' }, ...changes } as ApiCall;
    const answer = await api.call(call);
    expect(answer).toEqual(problem(status, type, expect.stringMatching(detail)));
    expect(answer.body.detail).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(answer.body.detail.length).toBeLessThanOrEqual(1001);
    expect(api.started).toEqual([]);
  });

  test('a wrong method is told which would be right', async () => {
    const answer = await new Api().call({ method: 'POST', path: '/safety-lever', body: {} });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, PUT']);
  });

  test('a body that came encoded is read', async () => {
    const api = new Api();
    const body = Buffer.from(JSON.stringify({ target: api.id, scenarios: ['control'] })).toString('base64');
    const event: APIGatewayProxyEvent = {
      ...eventOf({ method: 'POST', path: '/game-days', body }),
      isBase64Encoded: true,
    };
    const answer = answerOf(await apiHandler(() => api.services)(event, {} as Context));
    expect(answer.status).toBe(202);
  });
});
