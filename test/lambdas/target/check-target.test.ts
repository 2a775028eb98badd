import type { Sample } from '../../../lambdas/evidence/sample.ts';
import { cloudWatchMetricSchema } from '../../../lambdas/signals/cloudwatch-metric.ts';
import { type CheckIo, checkTarget } from '../../../lambdas/target/check-target.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { aTarget } from '../support/target.ts';

const app = { requests: 12, poolSize: null } as unknown as Sample['app'];
const healthy = {
  health: { status: 200, ms: 3.2 },
  database: { ms: 5 },
  cache: { ms: 1 },
  app,
} as unknown as Sample;

const service = {
  optedIn: true,
  desiredCount: 1,
  runningCount: 1,
  schedulingStrategy: 'REPLICA' as const,
  deploymentInProgress: false,
};
const host = {
  instanceId: 'i-1',
  name: 'web',
  address: '',
  online: true,
  optedIn: true,
  agentVersion: '',
  platform: '',
};

/** Everything is there, but for what `changes` says. */
const io = (changes: Partial<CheckIo> = {}): CheckIo => ({
  ecs: { describe: async () => service },
  hosts: { find: async () => [host] },
  probes: { sample: async () => healthy },
  alarms: { alarming: async () => [] },
  metrics: { between: async () => [{ at: 60, value: 3 }] },
  now: () => 1000,
  rights: { mayScale: async () => [{ role: 'Inject', may: true }] },
  missingTables: async () => [],
  ...changes,
});

const whole: Target = aTarget({
  hosts: { tag: { key: 'role', value: 'web' }, process: { name: 'shop' } },
  metrics: { path: '/metrics', series: { requests: 'http_requests_total' } },
  signals: { poolInUse: cloudWatchMetricSchema.parse({ namespace: 'Shop', name: 'PoolInUse' }) },
});
whole.database!.tables = ['orders'];
whole.safety.stopConditions.alarms = ['on-fire'];

const missing = async (target: Target, changes: Partial<CheckIo>) => {
  const { ok, checks } = await checkTarget(target, io(changes));
  return { ok, missing: checks.filter((check) => !check.ok).map(({ part, detail }) => `${part}: ${detail}`) };
};

test('a target of which everything is there is told piece by piece', async () => {
  const { ok, checks, inapplicable } = await checkTarget(whole, io());
  expect({ ok, inapplicable }).toEqual({ ok: true, inapplicable: [] });
  expect(new Set(checks.map(({ part }) => part))).toEqual(
    new Set([
      ...['health', 'database', 'cache', 'database.service', 'cache.service', 'database.tables', 'hosts'],
      ...['metrics.prometheus.series.requests', 'metrics.cloudwatch.poolInUse', 'thresholds.alarms'],
    ]),
  );
});

const sampleWith = (changes: object) => ({ probes: { sample: async () => ({ ...healthy, ...changes }) as Sample } });
const stateWith = (changes: object) => ({ ecs: { describe: async () => ({ ...service, ...changes }) } });

test.each<[string, Partial<CheckIo>, string]>([
  [
    'an application that does not answer',
    sampleWith({ health: { error: 'refused' } }),
    '/health gave no answer: refused',
  ],
  ['an application that is not healthy', sampleWith({ health: { status: 503, ms: 1 } }), '/health answered 503'],
  [
    'a database that serves nobody',
    sampleWith({ database: { error: 'no answer' } }),
    'database: database.example.internal:5432 serves',
  ],
  ['a service without its tag', stateWith({ optedIn: false }), 'shop/database lacks the tag faultline:opt-in=true'],
  ['a service that does not run', stateWith({ runningCount: 0 }), 'runs 0 of 1 tasks; all of them have to run'],
  ['a service that cannot be scaled', stateWith({ schedulingStrategy: 'DAEMON' }), 'is a DAEMON: it cannot be scaled'],
  [
    'a right that is missing',
    { rights: { mayScale: async () => [{ role: 'Revert', may: false }] } },
    'the role of Revert may not scale it: ecs:UpdateService is denied',
  ],
  [
    'a metric that nobody publishes',
    { metrics: { between: async () => [] } },
    'metrics.cloudwatch.poolInUse: CloudWatch has no value of Shop PoolInUse with these dimensions in the last 15 min',
  ],
  ['a table that there is not', { missingTables: async () => ['orders'] }, 'database.tables: there is no table orders'],
  [
    'no host with the tag',
    { hosts: { find: async () => [] } },
    'hosts: SSM knows no managed host with the tag role=web',
  ],
  ['a host that is offline', { hosts: { find: async () => [{ ...host, online: false }] } }, 'hosts: web is offline'],
  [
    'a host without its tag',
    { hosts: { find: async () => [{ ...host, optedIn: false }] } },
    'hosts: web lacks the tag',
  ],
  [
    'a signal without its series',
    sampleWith({ app: { requests: null } }),
    '/metrics has no series http_requests_total',
  ],
  [
    'an alarm in ALARM',
    { alarms: { alarming: async () => ['on-fire'] } },
    'on-fire in ALARM: no run starts while it is',
  ],
])('%s is named', async (_what, changes, line) => {
  const found = await missing(whole, changes);
  expect(found.ok).toBe(false);
  expect(found.missing.join('\n')).toContain(line);
});

test('a look that fails is a piece that is missing, with the reason, and hides no other one', async () => {
  const describe = async () => {
    throw new Error("ECS service 'database' in cluster 'shop':\n not found");
  };
  const found = await missing(whole, { ecs: { describe }, missingTables: async () => ['orders'] });
  expect(found.missing).toEqual([
    "database.service: ECS service 'database' in cluster 'shop': not found",
    "cache.service: ECS service 'database' in cluster 'shop': not found",
    'database.tables: there is no table orders',
  ]);
});

test('what a target has not is no fault of it: its scenarios do not apply', async () => {
  const bare = aTarget({ database: null, cache: null, metrics: null });
  const { ok, checks, inapplicable } = await checkTarget(bare, io());
  expect({ ok, parts: checks.map(({ part }) => part) }).toEqual({ ok: true, parts: ['health'] });
  expect(inapplicable.map(({ scenario }) => scenario)).toEqual(
    expect.arrayContaining(['database-failure', 'cache-failure', 'network-latency', 'application-crash']),
  );
});
