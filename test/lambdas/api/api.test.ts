import { ScheduleRefused } from '../../../lambdas/schedules/schedule.ts';
import { type ApiCall, operatorArn, problem } from '../support/api.ts';
import { type ApiOnStore, apiOnOwnStore } from '../support/api-on-store.ts';
import { aRun, start } from '../support/run.ts';

const { Api, store } = apiOnOwnStore();

describe('stopping', () => {
  test('a game-day asks every run of it that goes on, and is signed with who asked', async () => {
    const api = new Api();
    const { gameDayId, runs } = (await api.start({ scenarios: ['control', 'cache-failure'] })).body;
    await store().runs.create(aRun({ runId: runs[0].runId, gameDayId }));
    const stop = { method: 'POST', path: `/game-days/${gameDayId}/stop`, body: { reason: 'enough' } };
    expect(await api.call(stop)).toMatchObject({ status: 202, body: { gameDayId, stopped: [runs[0].runId] } });
    const asked = { reason: 'enough', by: operatorArn, at: start };
    expect((await api.get(`/game-days/${gameDayId}`)).body.stopRequested).toEqual(asked);
    expect((await api.get(`/runs/${runs[0].runId}`)).body).toMatchObject({ phase: 'prepare', stopRequested: asked });

    await store().gameDays.finish(gameDayId, start + 1);
    expect(await api.call(stop)).toEqual(problem(409, 'game-day-over', `game-day '${gameDayId}' is over`));
  });

  test('a run: the first reason stays, and one that is over cannot be stopped', async () => {
    const api = new Api();
    const { runId } = aRun();
    await store().runs.create(aRun({ runId }));
    const stop = (reason: string, identity?: ApiCall['identity']) =>
      api.call({ method: 'POST', path: `/runs/${runId}/stop`, body: { reason }, identity });
    const first = await stop('  first ', { userArn: null, caller: 'AROAEXAMPLE:ben' });
    expect(first).toMatchObject({ status: 202, body: { stopRequested: { reason: 'first', by: 'AROAEXAMPLE:ben' } } });
    expect(await stop('second')).toMatchObject({ status: 202, body: first.body });
    await store().runs.finish(runId, 'ABORTED', null, start);
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

test('a run is started as a game-day of one scenario, and both are listed, the latest first, a part at a time', async () => {
  const api = new Api();
  const started = await api.call({ method: 'POST', path: '/runs', body: { target: api.id, scenario: 'control' } });
  const { runId, gameDayId } = started.body;
  expect(started).toMatchObject({ status: 202, headers: { location: `runs/${runId}` }, body: { scenario: 'control' } });
  const others = [1, 2].map((n) => aRun({ createdAt: start + 1e6 + n }));
  for (const run of others) await store().runs.create(run);
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
  await store().runs.create(run);
  await store().evidence.put(`runs/${run.runId}/a.json`, '{"a":1}');
  await store().evidence.put(`runs/${run.runId}/b.json`, '{"b":2}');
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
  await store().evidence.put(`game-days/${run.gameDayId}/report.md`, '# Report', 'text/markdown');
  const report = await api.call({ method: 'GET', path: `${path}/report`, query: { format: 'md' } });
  expect(report).toMatchObject({ status: 302, body: null });
  expect(await (await fetch(String(report.headers.location))).text()).toBe('# Report');
});

describe('a schedule', () => {
  const body = (api: ApiOnStore, more: object = {}) => ({
    name: api.id,
    expression: 'cron(0 9 ? * MON *)',
    timeZone: 'Europe/Berlin',
    target: api.id,
    suite: 'weekly',
    ...more,
  });
  const make = (api: ApiOnStore, more?: object) =>
    api.call({ method: 'POST', path: '/schedules', body: body(api, more) });

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
