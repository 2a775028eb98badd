import type { SSMClient } from '@aws-sdk/client-ssm';
import fc from 'fast-check';
import { readTarget } from '../../lambdas/target/target.client.ts';
import { aTarget } from '../lambdas/support/target.ts';
import { notALine, type Surface } from './surface.ts';
import { notA, notATargetId, notAWhole, notOneOf, strangeKey, text, textNot, withKey, without } from './values.ts';

const target = aTarget({
  metrics: { path: '/metrics', series: { requests: 'http_requests_total' } },
});

const badUrl = fc.oneof(
  notA('string'),
  fc.constantFrom('', 'ftp://x', 'file:///etc/passwd', 'javascript:alert(1)', '//x', 'x', 'http://', 'gopher://x:70/_'),
  text.map((t) => `x-${t}`).filter((t) => !URL.canParse(t)),
);
const notAPath = fc.oneof(notA('string'), textNot(/^\//), fc.constant(`/${'x'.repeat(200)}`));
const empty = fc.oneof(notA('string'), fc.constant(''));
const named = (most: number) => fc.oneof(empty, fc.constant('x'.repeat(most + 1)));
const window = { days: ['Mon'], from: '08:00', to: '18:00', timeZone: 'UTC' };
const inWindow = (key: string, bad: fc.Arbitrary<unknown>) => bad.map((value) => [{ ...window, [key]: value }]);
const notATime = fc.oneof(
  notA('string'),
  textNot(/^\d\d:\d\d$/),
  fc.constantFrom('24:00', '12:60', '1:00', '18:00:00'),
);

/** Bad values of a field, by where it is. */
const bad: Record<string, fc.Arbitrary<unknown>> = {
  id: notATargetId,
  endpoint: badUrl,
  health: notA('object'),
  'health.path': notAPath,
  'health.timeoutMs': notAWhole(100, 10_000),
  database: notA('object').filter((v) => v !== null),
  'database.cluster': named(255),
  'database.service': named(255),
  'database.host': named(255),
  'database.port': notAWhole(1, 65_535),
  'database.secretId': empty,
  'database.name': named(63),
  'cache.port': notAWhole(1, 65_535),
  'metrics.path': notAPath,
  'metrics.series': fc.oneof(
    notA('object'),
    notA('string').map((value) => ({ requests: value })),
  ),
  'readback.users': notA('object'),
  'readback.users.path': fc.oneof(notA('string'), textNot(/\{key\}/), fc.constant(`{key}${'x'.repeat(300)}`)),
  'readback.users.label': notA('string'),
  load: notA('object').filter((v) => v !== undefined),
  'load.files': fc.oneof(
    notA('array'),
    notA('string').map((v) => [v]),
    fc.constantFrom(
      [],
      [''],
      ['locustfile'],
      ['../x.py'],
      ['/etc/x.py'],
      ['a,b.py'],
      ['-x.py'],
      ['$(id).py'],
      ['a b.py'],
    ),
    fc.constant(Array(11).fill('locustfile.py')),
  ),
  rtoSeconds: fc.oneof(
    notA('object').filter((v) => v !== undefined),
    notAWhole(1, 3600)
      .filter((v) => v !== undefined)
      .map((v) => ({ 'cache-failure': v })),
    fc.constant({ earthquake: 60 }),
  ),
  'rpoSeconds.users': notAWhole(1, Number.MAX_SAFE_INTEGER),
  backup: fc.oneof(
    notA('object').filter((v) => v !== null),
    fc.constantFrom({}, { hook: 'faultline-backup-' }, { hook: 'other' }, { hook: 'faultline-backup-$(id)' }),
    fc.constantFrom({ hook: 'faultline-backup-x', resourceArn: 'arn:x' }, { resourceArn: 'db' }),
    notAWhole(1, Number.MAX_SAFE_INTEGER).map((maximumAgeSeconds) => ({ resourceArn: 'arn:x', maximumAgeSeconds })),
  ),
  logs: fc.oneof(
    notA('array'),
    notA('string').map((v) => [v]),
    fc.constantFrom([''], ['a b'], ['a\n'], ['x'.repeat(513)], ['/a', '$(id)']),
    fc.constant(Array(11).fill('/a')),
  ),
  safety: notA('object'),
  'safety.requireBackup': notA('boolean'),
  'safety.blastRadius.services': notAWhole(1, 10),
  'safety.blastRadius.hosts': notAWhole(1, 50),
  'safety.excludedWindows': fc.oneof(
    notA('array'),
    notA('object').map((v) => [v]),
    inWindow('from', notATime),
    inWindow('to', fc.oneof(notATime, fc.constant('08:00'))),
    inWindow('timeZone', fc.oneof(notA('string'), fc.constantFrom('', 'Mars/Olympus', '../UTC', 'x'.repeat(61)))),
    inWindow(
      'days',
      fc.oneof(
        notA('array'),
        fc.constant([]),
        notOneOf(['Mon']).map((v) => [v]),
      ),
    ),
    strangeKey.map((key) => [withKey(window, key, 1)]),
    fc.constant(Array(51).fill(window)),
  ),
  'safety.stopConditions.errorRate': fc.oneof(
    notA('object').filter((v) => v !== null),
    fc.constantFrom(
      { percent: 0, seconds: 5 },
      { percent: 101, seconds: 5 },
      { percent: 5, seconds: 2 },
      { percent: 5 },
    ),
  ),
  'safety.stopConditions.p95': fc.oneof(
    notA('object').filter((v) => v !== null),
    fc.constantFrom({ ms: 0, seconds: 5 }, { ms: 120_001, seconds: 5 }, { ms: 500, seconds: 601 }, { seconds: 5 }),
  ),
  'safety.stopConditions.alarms': fc.oneof(
    notA('array'),
    named(255).map((v) => [v]),
    fc.constant(Array(101).fill('a')),
  ),
  'safety.stopConditions.maximumSeconds': notAWhole(30, 7200).filter((v) => v !== null),
};
const required = ['id', 'endpoint', 'health', 'database', 'cache', 'metrics', 'readback', 'rpoSeconds'];
const requiredWithin = ['health.path', 'database.port', 'readback.users.label', 'rpoSeconds.sessions'];
/** Where unknown keys are refused: not in a service, whose settings may grow. */
const strict = ['', 'health', 'metrics', 'readback.users', 'safety', 'safety.blastRadius', 'safety.stopConditions'];

/** The object with what is at a path (`a.b`) changed. */
function changed(of: object, path: string, change: (parent: object, key: string) => object): object {
  const [key, ...rest] = path.split('.');
  if (rest.length === 0) return change(of, key!);
  return withKey(of, key!, changed((of as Record<string, object>)[key!] ?? {}, rest.join('.'), change));
}

const within = (path: string) => path.split('.').reduce((at, key) => (key ? (at as never)[key] : at), target as object);

const badTarget = fc.oneof(
  ...Object.entries(bad).map(([path, values]) =>
    values.map((v) => changed(target, path, (o, key) => withKey(o, key, v))),
  ),
  ...[...required, ...requiredWithin].map((path) => fc.constant(changed(target, path, without))),
  ...strict.map((path) =>
    strangeKey.map((key) => {
      const more = withKey(within(path), key, 1);
      return path === '' ? more : changed(target, path, (o, k) => withKey(o, k, more));
    }),
  ),
  // Somebody else's configuration under this name.
  fc.constant({ ...target, id: 'another' }),
  notA('object'),
);

const notJson = fc.tuple(text, fc.nat()).map(([garbage, at]) => {
  const json = JSON.stringify(target, null, 2);
  return [json.slice(0, 1 + (at % (json.length - 1))), `{${garbage}`, `${json}\n\0`, ''][at % 4]!;
});
const nested = fc.integer({ min: 10, max: 50_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth));

/** The text of a parameter in which a target's configuration should be. */
export const targets: Surface<string> = {
  name: 'target configuration',
  inputs: fc.oneof({ weight: 8, arbitrary: badTarget.map((t) => JSON.stringify(t)) }, notJson, nested),
  async send(value, touched) {
    const ssm = { send: async () => ({ Parameter: { Value: value } }) } as unknown as SSMClient;
    try {
      await readTarget(ssm, '/targets/', target.id);
    } catch (error) {
      const { name, message } = error as Error;
      return name === 'TargetInvalid' ? notALine(message) : `${name}: ${message}`;
    }
    touched();
    return 'it was taken';
  },
};
