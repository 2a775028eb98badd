import fc from 'fast-check';
import { apiHandler } from '../../lambdas/api/api.ts';
import type { ApiServices } from '../../lambdas/api/route.ts';
import { routes } from '../../lambdas/api/routes.ts';
import type { EcsServices } from '../../lambdas/aws/ecs-services.client.ts';
import { GameDayNotFound } from '../../lambdas/game-day/game-days.client.ts';
import { RunNotFound } from '../../lambdas/runs/runs.client.ts';
import { availableScenarios, scenarios } from '../../lambdas/scenarios/registry.ts';
import { profiles } from '../../lambdas/scenarios/scenario.ts';
import { ScheduleNotFound } from '../../lambdas/schedules/schedule.ts';
import { TargetNotFound } from '../../lambdas/target/target.client.ts';
import { type ApiCall, eventOf } from '../lambdas/support/api.ts';
import { fakeClock } from '../lambdas/support/clock.ts';
import { FakeServices, probesOf } from '../lambdas/support/dependencies.ts';
import { aTarget } from '../lambdas/support/target.ts';
import { notALine, type Surface } from './surface.ts';
import { broken, notA, notATargetId, notAWhole, notOneOf, type Shape, strangeKey, text, textNot } from './values.ts';

const available = availableScenarios.map(({ id }) => id);
const planned = scenarios.filter(({ status }) => status === 'planned').map(({ id }) => id);

const badReason = fc.oneof(
  notA('string'),
  fc.constantFrom('', ' ', '\t\n ', 'a\nb', 'a\u0000b', 'a\u001b[31mb', 'a\u2028b', 'a\u202eb', 'a\ud800b'),
  fc.integer({ min: 201, max: 3000 }).map((length) => 'r'.repeat(length)),
);

const badScenarios = fc.oneof(
  notA('array'),
  fc.constant([]),
  notOneOf(available).map((bad) => [bad]),
  notOneOf(available).map((bad) => [...available, bad]),
  fc.constantFrom(...available).map((id) => [id, id]),
  fc.integer({ min: 2, max: 500 }).map((length) => Array(length).fill(available[0])),
  ...(planned.length > 0 ? [fc.constantFrom(...planned).map((id) => [id])] : []),
);

const badPause = notAWhole(0, 3600);
const badOverrides = fc.oneof(
  notA('object'),
  fc.constantFrom(
    { nothing: {} },
    { control: { parameters: { delayMs: 1 } } },
    { control: { seconds: { fault: 4 } } },
    { control: { load: { users: 0 } } },
    { control: { more: 1 } },
  ),
);

const run: Shape = {
  good: { target: 'shop', scenario: 'control', profile: 'quick', dryRun: false },
  bad: { target: notATargetId, scenario: notOneOf(available), profile: notOneOf(profiles), dryRun: notA('boolean') },
  required: ['target', 'scenario'],
  strict: true,
};
const schedule: Shape = {
  good: { name: 'weekly', expression: 'rate(7 days)', target: 'shop', suite: 'weekly' },
  bad: {
    name: fc.oneof(notA('string'), textNot(/^[a-z][a-z0-9-]{0,40}$/)),
    expression: fc.oneof(
      notA('string'),
      textNot(/^(rate|at|cron)\(/),
      fc.constantFrom('rate(0 days)', 'at(2027-02-30T09:00:00)', 'cron(60 9 ? * MON *)', 'cron(0 9 1 * MON *)'),
    ),
    timeZone: fc.oneof(notA('string'), fc.constantFrom('Mars/Olympus', 'a b', '')),
    target: notATargetId,
    suite: fc.oneof(notA('string'), fc.constantFrom('nothing', 'A', '')),
    concurrency: notOneOf(['forbid', 'queue']),
    paused: notA('boolean'),
    overrides: badOverrides,
    coolDownSeconds: badPause,
  },
  required: ['name', 'expression', 'target'],
  strict: true,
};
const validation: Shape = {
  good: { configuration: {} },
  bad: { configuration: notA('object') },
  required: ['configuration'],
  strict: true,
};
const start: Shape = {
  good: { target: 'shop', scenarios: ['control'], profile: 'quick', dryRun: false },
  bad: {
    target: notATargetId,
    scenarios: badScenarios,
    profile: notOneOf(profiles),
    dryRun: notA('boolean'),
    suite: fc.oneof(notA('string'), fc.constantFrom('weekly', 'nothing', '')),
    overrides: badOverrides,
    coolDownSeconds: badPause,
    stopOnFailure: notOneOf(['never', 'inconclusive', 'fail']),
  },
  required: ['target'],
  strict: true,
};
const stop: Shape = { good: { reason: 'enough' }, bad: { reason: badReason }, required: ['reason'], strict: true };
const lever: Shape = {
  good: { pulled: true, reason: 'sale' },
  bad: { pulled: notA('boolean'), reason: badReason },
  required: ['pulled', 'reason'],
  strict: true,
};

/** Everything that takes a body. */
const taking = [
  { method: 'POST', path: '/game-days', shape: start },
  { method: 'POST', path: '/runs', shape: run },
  { method: 'POST', path: '/schedules', shape: schedule },
  { method: 'POST', path: '/target-validations', shape: validation },
  { method: 'POST', path: '/game-days/gd-1/stop', shape: stop },
  { method: 'POST', path: '/runs/gd-1-control/stop', shape: stop },
  { method: 'PUT', path: '/safety-lever', shape: lever },
];
/** What each path takes, with something in the place of its parameters. */
const methodsOf: Record<string, string[]> = {};
for (const { method, path } of routes) {
  const concrete = path
    .replace('{scenarioId}', 'control')
    .replace('{suiteId}', 'weekly')
    .replace(/\{\w+\}/, 'gd-1');
  methodsOf[concrete] = [...(methodsOf[concrete] ?? []), method];
}
const paths = Object.keys(methodsOf);
const methods = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'get',
  'constructor',
  '__proto__',
];

const good = fc
  .constantFrom(...taking)
  .map(({ method, path, shape }) => ({ method, path, body: shape.good as unknown }));

const badBody = fc
  .constantFrom(...taking)
  .chain(({ method, path, shape }) =>
    broken(shape).map((body): ApiCall => ({ method, path, body: JSON.stringify(body) })),
  );

const notJson = fc.tuple(good, text, fc.nat()).map(([call, garbage, at]): ApiCall => {
  const json = JSON.stringify(call.body);
  const wrong = [json.slice(0, 1 + (at % (json.length - 1))), `${json}}`, `{${garbage}`, `${json}\0`, "{'a':1}", ''];
  return { ...call, body: wrong[at % wrong.length]! };
});

const nested = fc
  .tuple(good, fc.integer({ min: 10, max: 30_000 }), fc.boolean())
  .map(([call, depth, inField]): ApiCall => {
    const deep = '['.repeat(depth) + ']'.repeat(depth);
    const [field] = Object.keys(call.body as object);
    return { ...call, body: inField ? `{"${field}":${deep}}` : deep };
  });

/** Good, but for the space around it. */
const tooLarge = fc
  .tuple(good, fc.integer({ min: 65_537, max: 300_000 }))
  .map(([call, bytes]): ApiCall => ({ ...call, body: JSON.stringify(call.body).padEnd(bytes) }));

const wrongMediaType = fc
  .tuple(
    good,
    fc.oneof(fc.constantFrom('text/plain', 'application/xml', 'multipart/form-data; boundary=x', ''), textNot(/json/i)),
  )
  .map(([call, type]): ApiCall => ({ ...call, headers: { 'Content-Type': type } }));

const wrongKey = textNot(/^[A-Za-z0-9._:-]{1,128}$/).map(
  (key): ApiCall => ({ method: 'POST', path: '/game-days', body: start.good, headers: { 'iDeMpOtEnCy-KeY': key } }),
);

const nobody = good.map((call): ApiCall => ({ ...call, identity: { userArn: null, caller: '' } }));

const unknownTarget = fc.stringMatching(/^[a-z][a-z0-9-]{5,30}$/).map(
  (id): ApiCall => ({
    method: 'POST',
    path: '/game-days',
    body: { target: `x${id.slice(1)}-` },
    headers: { 'Idempotency-Key': 'k' },
  }),
);

const unknownId = fc
  .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9-]{2,30}$/), fc.constantFrom('runs', 'game-days'), fc.boolean())
  .map(
    ([id, of, toStop]): ApiCall =>
      toStop
        ? { method: 'POST', path: `/${of}/${id}/stop`, body: { reason: 'r' } }
        : { method: 'GET', path: `/${of}/${id}` },
  );

const badId = fc
  .tuple(textNot(/^[a-z0-9][a-z0-9-]{2,63}$/), fc.constantFrom('runs', 'game-days'), fc.boolean(), fc.boolean())
  .map(([id, of, toStop, encoded]): ApiCall => {
    const path = `/${of}/${encoded ? encodeURIComponent(id.toWellFormed()) : id}`;
    return toStop ? { method: 'POST', path: `${path}/stop`, body: { reason: 'r' } } : { method: 'GET', path };
  })
  // A slash or nothing makes another route of it, which there may be.
  .filter(({ path }) => !paths.some((known) => path.replace(/\/$/, '') === known));

const badQuery = fc
  .tuple(
    fc.constantFrom('/game-days', '/runs', '/schedules'),
    fc.oneof(
      textNot(/^([1-9]\d?|100)$/).map((limit) => ({ limit })),
      text.map((next) => ({ next: `${next}!` })),
      fc.constantFrom<Record<string, string>>(
        { next: Buffer.from('["runs of others","x"]').toString('base64url') },
        { next: Buffer.from('{}').toString('base64url') },
      ),
      fc.tuple(strangeKey, text).map(([key, value]) => ({ [`q${key}`]: value })),
    ),
  )
  .map(([path, query]): ApiCall => ({ method: 'GET', path, query }));

const unknownRoute = fc
  .tuple(
    fc.array(fc.oneof(strangeKey, fc.constantFrom('game-days', 'runs', 'stop', '..', '.', '')), { maxLength: 6 }),
    fc.constantFrom(...methods),
  )
  .map(([segments, method]): ApiCall => ({ method, path: `/x${segments.join('/')}` }));

const wrongMethod = fc
  .tuple(fc.constantFrom(...paths), fc.constantFrom(...methods))
  .filter(([path, method]) => !methodsOf[path]!.includes(method))
  .map(([path, method]): ApiCall => ({ method, path, body: {} }));

/** Headers that nobody reads must not help. */
const withStrangeHeaders = (calls: fc.Arbitrary<ApiCall>) =>
  fc
    .tuple(calls, fc.option(fc.tuple(strangeKey, text)))
    .map(
      ([call, header]): ApiCall => (header ? { ...call, headers: { ...call.headers, [header[0]]: header[1] } } : call),
    );

/** Every route with everything that one can do wrong to it; nothing that a request names is there, but for the target shop. */
export const apiRequests: Surface<ApiCall> = {
  name: 'API request',
  inputs: withStrangeHeaders(
    fc.oneof(
      { weight: 6, arbitrary: badBody },
      { weight: 2, arbitrary: badId },
      notJson,
      nested,
      tooLarge,
      wrongMediaType,
      wrongKey,
      nobody,
      unknownTarget,
      unknownId,
      badQuery,
      unknownRoute,
      wrongMethod,
    ),
  ),
  async send(call, touched) {
    const handler = apiHandler(() => servicesThatTell(touched));
    const { statusCode, headers, body } = await handler(eventOf(call), {} as never);
    if (statusCode < 400 || statusCode > 499) return `status ${statusCode}: ${body}`;
    if (headers?.['content-type'] !== 'application/problem+json') return `content type ${headers?.['content-type']}`;
    const { type, title, status, detail, instance, ...more } = JSON.parse(body);
    if (status !== statusCode || instance !== 'request-1' || Object.keys(more).length > 0) return `problem ${body}`;
    return [type, title, detail].map((part) => notALine(String(part ?? ''))).find((wrong) => wrong !== null) ?? null;
  },
};

/** Services in which there is a target and nothing else, and which tell when anything would be changed. */
function servicesThatTell(touched: () => void): ApiServices {
  const change = async (): Promise<never> => {
    touched();
    throw new Error('it would have changed something');
  };
  const ecs = new FakeServices({ database: {}, cache: {} });
  ecs.beforeMutation = change;
  const clock = fakeClock(1_800_000_000);
  const services: Record<keyof ApiServices, unknown> = {
    clock,
    gameDays: {
      get: (id: string) => Promise.reject(new GameDayNotFound(id)),
      page: async () => ({ gameDays: [], after: null }),
      create: change,
      requestStop: change,
      finish: change,
    },
    runs: {
      get: (id: string) => Promise.reject(new RunNotFound(id)),
      page: async () => ({ runs: [], after: null }),
      lastWindows: async () => [],
      requestStop: change,
    },
    leases: { all: async () => [], take: change, release: change },
    undoRecords: { isRestored: async () => true },
    lever: { read: async () => null, history: async () => [], assertReleased: async () => {}, move: change },
    alarms: { alarming: async () => [] },
    target: async (id: string) => {
      if (id === 'shop') return aTarget();
      throw new TargetNotFound(id, `/targets/${id}`);
    },
    keys: { get: async () => null, take: change, settle: change, free: change },
    machine: { start: change },
    ioOf: () => ({ target: aTarget(), clock, ecs: ecs as unknown as EcsServices, probes: probesOf(ecs) }),
    newGameDayId: () => 'gd-1',
    onlyDryRuns: false,
    evidence: { has: async () => false, page: change },
    downloads: { link: change },
    schedules: {
      get: (name: string) => Promise.reject(new ScheduleNotFound(name)),
      page: async () => ({ schedules: [], after: null }),
      create: change,
      setPaused: change,
      delete: change,
    },
    scheduler: { put: change, delete: change },
    targets: async () => [],
  };
  return services as unknown as ApiServices;
}
