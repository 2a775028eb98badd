// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the configuration
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { targetSchema } from '../../../lambdas/target/target.ts';
import { localEnvironment, localTargetOf } from '../../../lib/config/compile.ts';
import { configJsonSchema } from '../../../lib/config/faultline-config.ts';
import { ConfigInvalid, parseConfig, readConfig } from '../../../lib/config/read-config.ts';
import { shopYaml } from './shop.fixture.ts';

/** The fixture with what is at a path (`a.b`) put in place of what was there; undefined takes the key away. */
function shopWith(path: string, value: unknown): string {
  const whole = parse(shopYaml);
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((of, key) => (of[key] ??= {}), whole);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return stringify(whole);
}

function mistakesOf(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.mistakes;
    throw error;
  }
  return [];
}

const told = (yaml: string) => mistakesOf(() => parseConfig(yaml, 'faultline.yaml'));

test('a whole configuration is taken, with what is left out filled in', () => {
  const config = parseConfig(shopYaml, 'faultline.yaml');
  expect(config).toMatchObject({
    id: 'shop',
    health: { timeoutMs: 900 },
    database: { port: 5432 },
    targets: { rtoSeconds: { 'cache-failure': 45 }, rpoSeconds: { users: 900, transactions: 300, sessions: 60 } },
    local: { application: { startSeconds: 60 }, database: { image: 'postgres:18' } },
  });
});

/** A mistake at a key, and what the one line about it says after the key. */
const mistakes: [what: string, path: string, value: unknown, says: string][] = [
  ['no id', 'id', undefined, "is missing; it is the target's name"],
  ['an id in capitals', 'id', 'Shop', '"Shop" is not allowed; allowed is the target\'s name: small letters'],
  ["an id of Faultline's own", 'id', 'load', '(it is a name of Faultline itself)'],
  [
    'an endpoint that is no web address',
    'endpoint',
    'ftp://shop',
    'allowed is the address of the application, http or',
  ],
  ['an endpoint with a path', 'endpoint', 'http://shop/api', '(it has a path, a query or a login)'],
  ['no health check', 'health', undefined, 'is missing; it is the health check'],
  ['a health check as a text', 'health', '/health', '"/health" is not allowed; allowed is the health check: its path'],
  ['a path without its slash', 'health.path', 'health', "allowed is the path of the health check, from '/' on"],
  ['a time-out that is too short', 'health.timeoutMs', 50, '50 is not allowed; allowed is the milliseconds'],
  ['a key with a typing error', 'health.timout', 900, 'there is no such key; allowed are path, timeoutMs'],
  ['a key that nobody knows', 'helth', {}, 'there is no such key; allowed are id, endpoint, health, load'],
  ['no Locust file', 'load.files', [], 'this list is not allowed; allowed is Locust files, 1 to 10'],
  ['a Locust file without its list', 'load.files', 'locustfile.py', 'allowed is Locust files, 1 to 10'],
  ['a Locust file elsewhere', 'load.files.0', '../locustfile.py', 'in the folder of this file or below it'],
  ['a Locust file that is none', 'load.files.0', 'users.js', 'allowed is a Locust file (.py)'],
  ['a port that is none', 'database.port', 99_999, 'the port at which it is reached, 1 to 65535; 5432 if left out'],
  ['a port as a text', 'cache.port', 'redis', '"redis" is not allowed; allowed is the port'],
  ['an address with its scheme', 'cache.host', 'redis://cache', 'a host name or an address, without a port'],
  ['a service without its cluster', 'database.service.cluster', undefined, 'is missing; it is the name of the ECS'],
  ['a table in capitals', 'database.tables', ['Orders'], 'allowed is a table, with its schema where it needs one'],
  ['a process name that no kernel has', 'hosts.process', { name: 'x'.repeat(16) }, "the application's main process"],
  [
    'a signal that there is not',
    'metrics.prometheus.series.request',
    'x',
    'there is no such key; allowed are poolSize',
  ],
  ['a series with a blank', 'metrics.prometheus.series.requests', 'a b', 'the name of a Prometheus series'],
  [
    'a metric of no namespace',
    'metrics.cloudwatch.queueLength',
    { name: 'Queue' },
    "is missing; it is the metric's namespace",
  ],
  ['a statistic that there is not', 'metrics.cloudwatch.poolInUse.statistic', 'p99', 'Average, Maximum or Minimum'],
  ['a period that is too long', 'metrics.cloudwatch.poolInUse.periodSeconds', 300, '1, 5, 10, 30 or 60; 60 if left'],
  [
    'a signal from two sources',
    'metrics.cloudwatch.requests',
    { namespace: 'Shop', name: 'Requests' },
    '(a signal comes from one source: prometheus or cloudwatch)',
  ],
  ['a read-back without its key', 'readback.users.path', '/users', 'the path with {key} in it'],
  [
    'a class that there is not',
    'readback.carts',
    {},
    'there is no such key; allowed are users, transactions, sessions',
  ],
  ['a threshold of more than all', 'thresholds.errorRate.percent', 200, 'allowed is a number from 0.1 to 100'],
  ['a threshold without its time', 'thresholds.p95', { ms: 500 }, 'is missing; it is a whole number from 3 to 600'],
  ['an RTO of no scenario', 'targets.rtoSeconds.cash-failure', 5, 'there is no such key; allowed are control, '],
  ['an RTO of nothing', 'targets.rtoSeconds.cache-failure', 0, 'seconds within which it has to be back, 1 to 3600'],
  ['an RPO in words', 'targets.rpoSeconds.users', 'soon', '"soon" is not allowed; allowed is seconds of data'],
  ['a time of day that there is not', 'excludedWindows.0.from', '25:00', 'allowed is { days: [Mon, …], from: HH:MM'],
  ['a window of no length', 'excludedWindows.0.to', '08:00', '(from and to are the same: it is never or always)'],
  ['a day in another language', 'excludedWindows.0.days', ['Montag'], 'allowed is one of Mon, Tue, Wed'],
  ['a time zone on another planet', 'excludedWindows.0.timeZone', 'Mars/North', '(an IANA time zone, such as'],
  ['a blast radius of nothing', 'blastRadius.services', 0, 'the most services that a run hits, 1 to 10'],
  ['a hook of another name', 'backup', { hook: 'mine' }, '{ resourceArn: arn:…, maximumAgeSeconds } for AWS Backup'],
  ['a switch that is neither', 'requireBackup', 'sometimes', 'true or false'],
  ['a log group with a blank', 'logs', ['a b'], 'allowed is the name of a CloudWatch log group'],
  ['no program', 'local.application.command', [], "allowed is the program and its arguments, from this file's folder"],
  ['another database', 'local.database.image', 'mysql:8', 'the local run knows postgres:18'],
  ['no way to start the cache', 'local.cache', undefined, 'is missing, and the target has a cache'],
  ['a way to start what there is not', 'cache', undefined, 'is of no use: the target has no cache'],
  ['a placeholder for nothing', 'local.application.environment.DB', '${db.host}', '(there is no ${db.host}); allowed'],
];

test.each(mistakes)('%s is one line that names the key and what is allowed', (_what, path, value, says) => {
  const lines = told(shopWith(path, value));
  const of = path === 'cache' ? 'local.cache' : path;
  const line = lines.find((text) => text.includes(` ${of}`)) ?? lines.join(' | ');
  expect(line).toMatch(/^faultline\.yaml(:\d+)?: /);
  expect(line).toContain(says);
  expect(line).not.toMatch(/\n|invalid|expected|undefined/i);
});

test('every kind of mistake is told once, and nothing but it', () => {
  const counts = mistakes.map(([what, path, value]) => [what, told(shopWith(path, value)).length]);
  // Without a cache the environment that names it is a second mistake.
  const expected = mistakes.map(([what]) => [what, what === 'a way to start what there is not' ? 2 : 1]);
  expect(counts).toEqual(expected);
});

test('a line is the one of the key', () => {
  const text = ['id: shop', 'endpoint: http://shop', 'health:', '  path: health', 'load: { files: [a.py] }', ''].join(
    '\n',
  );
  expect(told(text)[0]).toMatch(/^faultline\.yaml:4: health\.path: /);
});

test.each([
  ['nothing', '', 'faultline.yaml: it has to be a mapping of keys'],
  ['a list', '- a', 'faultline.yaml: it has to be a mapping of keys'],
  ['a bracket that is not closed', 'id: shop\nload: { files: [a.py }\n', 'faultline.yaml:2: it is no YAML'],
  ['a key that is there twice', 'id: a\nid: b\n', 'faultline.yaml:2: it is no YAML: Map keys must be unique'],
  ['aliases without end', aliases(), 'faultline.yaml: it is no YAML: '],
])('a file that holds %s is refused in a line', (_what, text, line) => {
  expect(told(text)[0]).toContain(line);
});

function aliases(): string {
  const lines = ['a0: &a0 [x]'];
  for (let i = 1; i < 12; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

test('several mistakes are all told, and the message is the first with their number', () => {
  const text = shopWith('id', 'Shop').replace('/health', 'health');
  const error = (() => {
    try {
      return parseConfig(text, 'f.yaml');
    } catch (thrown) {
      return thrown;
    }
  })() as ConfigInvalid;
  expect(error.mistakes).toHaveLength(2);
  expect(error.message).toBe(`${error.mistakes[0]} (and 1 more)`);
});

test('what may be a secret is not repeated', () => {
  const text = shopWith('local.application.environment.KEY', 'hunter2 ${db}');
  expect(told(text)).toEqual([expect.stringContaining('environment.KEY: this is not allowed (there is no ${db})')]);
});

describe('a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-config-'));
  const file = join(folder, 'faultline.yaml');
  beforeAll(() => writeFileSync(join(folder, 'locustfile.py'), ''));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read with its folder, from which its paths are', () => {
    writeFileSync(file, shopYaml);
    expect(readConfig(file)).toMatchObject({ folder, config: { id: 'shop' } });
  });

  test('that is not there says what writes one', () => {
    expect(mistakesOf(() => readConfig('nowhere.yaml'))).toEqual([
      'nowhere.yaml: there is no such file; `faultline init` writes one',
    ]);
  });

  test('whose Locust file is not there names it', () => {
    writeFileSync(file, shopWith('load.files', ['locustfile.py', 'more.py']));
    expect(mistakesOf(() => readConfig(file))).toEqual([
      expect.stringContaining('load.files.1: more.py is not there; allowed is a Locust file in the folder'),
    ]);
  });

  test('whose Locust file is a link out of its folder is refused', () => {
    symlinkSync('/etc/passwd', join(folder, 'out.py'));
    writeFileSync(file, shopWith('load.files', ['out.py']));
    expect(mistakesOf(() => readConfig(file))).toEqual([expect.stringContaining('out.py leads out of the folder')]);
  });
});

test('the example in the docs is a configuration that this machine can start', () => {
  const { config } = readConfig('docs/examples/parse-server/faultline.yaml');
  const target = targetSchema.parse(localTargetOf(config));
  expect(target).toMatchObject({ id: 'parse', load: { files: ['locustfile.py'] } });
  expect(localEnvironment(config, 'pw').PARSE_SERVER_DATABASE_URI).toMatch(
    /^postgres:\/\/application:pw@parse-database\./,
  );
});

test('docs/faultline.schema.json is the schema of the code', () => {
  const written = JSON.parse(readFileSync('docs/faultline.schema.json', 'utf8'));
  // If this fails: node lib/config/export-schema.ts docs/faultline.schema.json
  expect(written).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});
