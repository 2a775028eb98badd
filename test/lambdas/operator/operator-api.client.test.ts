import { OperatorApi } from '../../../lambdas/operator/operator-api.client.ts';
import { credentials, type Reply, region, type Seen, type SignedServer, signedServer } from './signed-server.ts';

let server: SignedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function apiOn(answer: (request: Seen, n: number) => Reply | 'hang up', as = credentials): Promise<OperatorApi> {
  server = await signedServer(answer);
  return new OperatorApi({ url: server.url, region, credentials: as });
}

const ok = (body: unknown): Reply => ({ status: 200, body: JSON.stringify(body) });
const problem = (status: number, type: string, detail: string): Reply => ({
  status,
  body: JSON.stringify({ type: `urn:faultline:problem:${type}`, status, detail }),
});
const plan = { target: 'shop', scenarios: ['control' as const], profile: 'quick' as const };
const started = { gameDayId: 'gd-1', runs: [{ runId: 'gd-1-control', scenario: 'control' }], inapplicable: [] };

test('a request is signed with its body', async () => {
  const api = await apiOn(() => ok(started));
  expect(await api.start(plan)).toEqual(started);
  expect(server!.seen).toMatchObject([
    {
      method: 'POST',
      path: '/v1/game-days',
      body: JSON.stringify(plan),
      headers: { 'content-type': 'application/json', 'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
  ]);
});

test("without the right key the answer is the API's, in one line", async () => {
  const api = await apiOn(() => ok(started), { ...credentials, secretAccessKey: 'another' });
  await expect(api.lever()).rejects.toMatchObject({ name: 'ApiRefused', status: 403, message: 'Forbidden' });
});

test('a problem is told by its detail, without what a terminal would obey', async () => {
  const api = await apiOn(() => problem(423, 'lever-pulled', 'pulled by ann:\n\u001b[31msale'));
  await expect(api.start(plan)).rejects.toMatchObject({
    status: 423,
    type: 'lever-pulled',
    message: 'pulled by ann: [31msale',
  });
  expect(server!.seen).toHaveLength(1);
});

test('what passes is asked again, and a start with the same key', async () => {
  const api = await apiOn((_request, n) => ['hang up' as const, { status: 503, body: '{}' }, ok(started)][n]!);
  expect(await api.start(plan)).toEqual(started);
  const keys = server!.seen.map(({ headers }) => headers['idempotency-key']);
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
});

describe('what would be answered otherwise a second time', () => {
  const schedule = {
    ...{ name: 'weekly', expression: 'rate(7 days)', timeZone: 'UTC', concurrency: 'forbid', paused: false },
    ...{ target: 'shop', createdBy: 'ann', createdAt: 1, last: null },
  };
  const create = (api: OperatorApi) =>
    api.createSchedule({ name: 'weekly', expression: 'rate(7 days)', target: 'shop' });

  test('is not sent again once it may have been heard', async () => {
    const api = await apiOn(() => 'hang up');
    await expect(create(api)).rejects.toMatchObject({ name: 'ApiUnreachable' });
    await expect(api.deleteSchedule('weekly')).rejects.toMatchObject({ name: 'ApiUnreachable' });
    expect(server!.seen.map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  test('is sent again where it was turned away unheard', async () => {
    const api = await apiOn((_request, n) => [{ status: 429, body: '{}' }, ok(schedule)][n]!);
    expect(await create(api)).toMatchObject({ name: 'weekly' });
    expect(server!.seen).toHaveLength(2);
  });
});

test('a report is where the answer leads to, and an answer that leads nowhere is none', async () => {
  const headers = { location: 'https://bucket.example.com/report.md?signature' };
  const api = await apiOn((_request, n) => (n === 0 ? { status: 302, body: '', headers } : ok({})));
  expect(await api.report('runs', 'gd-1-control', 'md')).toBe(headers.location);
  await expect(api.report('runs', 'gd-1-control', 'md')).rejects.toThrow('it leads nowhere');
  expect(server!.seen[0]!.path).toBe('/v1/runs/gd-1-control/report?format=md');
});

test('what cannot be reached says where and why', async () => {
  const api = await apiOn(() => ok({}));
  const { url } = server!;
  await server!.stop();
  server = undefined;
  await expect(api.lever()).rejects.toThrow(`the API at ${url} could not be reached: connect ECONNREFUSED`);
});

test('what answers with something else is no API', async () => {
  const api = await apiOn(() => ({ status: 200, body: '<html>' }));
  await expect(api.lever()).rejects.toThrow('its answer is not JSON');
});

test('a move of the lever says whether it changed anything', async () => {
  const untouched = { pulled: false, by: null, reason: null, at: null, changed: false };
  const moved = { pulled: true, by: 'ann', reason: 'sale', at: 1, changed: true };
  const api = await apiOn((_request, n) => ok(n === 0 ? untouched : moved));
  expect(await api.moveLever(false, 'over')).toEqual(untouched);
  expect(await api.moveLever(true, 'sale')).toEqual(moved);
});

describe('a stop', () => {
  const asked = { runId: 'gd-1-control', stopRequested: { reason: 'enough', by: 'ann', at: 1 } };
  const noGameDay = problem(404, 'game-day-not-found', "no game-day 'gd-1-control'");

  test.each([
    ['it is not', noGameDay],
    ['it could not be', problem(400, 'input-invalid', 'gameDayId: too long')],
  ])('of an id that is no game-day because %s is one of a run', async (_why, first) => {
    const api = await apiOn(({ path }) => (path.includes('game-days') ? first : ok(asked)));
    expect(await api.stop('gd-1-control', 'enough')).toEqual(asked);
    expect(server!.seen.map(({ path }) => path)).toEqual([
      '/v1/game-days/gd-1-control/stop',
      '/v1/runs/gd-1-control/stop',
    ]);
    expect(server!.seen[1]!.body).toBe('{"reason":"enough"}');
  });

  test('of what is neither says so', async () => {
    const api = await apiOn(({ path }) =>
      path.includes('game-days') ? noGameDay : problem(404, 'run-not-found', 'no run'),
    );
    await expect(api.stop('nobody', 'r')).rejects.toThrow("there is no game-day and no run 'nobody'");
  });

  test('of a game-day that is over is told as it is', async () => {
    const api = await apiOn(() => problem(409, 'game-day-over', 'it is over'));
    await expect(api.stop('gd-1', 'r')).rejects.toThrow('it is over');
    expect(server!.seen).toHaveLength(1);
  });
});
