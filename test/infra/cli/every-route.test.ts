import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeScenario } from '../../../lambdas/api/describe-scenario.ts';
import { headersSchema } from '../../../lambdas/api/headers.ts';
import type { Route } from '../../../lambdas/api/route.ts';
import { routes } from '../../../lambdas/api/routes.ts';
import { suites } from '../../../lambdas/game-day/suites.ts';
import { OperatorApi } from '../../../lambdas/operator/operator-api.client.ts';
import { scenarios } from '../../../lambdas/scenarios/registry.ts';
import {
  credentials,
  region,
  type Seen,
  type SignedServer,
  signedServer,
} from '../../lambdas/operator/signed-server.ts';
import { aRun, aWindow, start } from '../../lambdas/support/run.ts';
import { aTarget } from '../../lambdas/support/target.ts';
import { aGameDay } from './support/game-day.ts';
import { runCommand } from './support/run-command.ts';

const runId = 'gd-1-control';
const schedule = {
  ...{ name: 'weekly', expression: 'rate(7 days)', timeZone: 'UTC', concurrency: 'forbid', paused: false },
  ...{ target: 'shop', suite: 'weekly', createdBy: 'ann', createdAt: start, last: null },
};
const lever = { pulled: true, by: 'ann', reason: 'sale', at: start };
const run = aRun({ runId, gameDayId: 'gd-1', scenario: 'control' });
const dryRun = { target: 'shop', wouldTouch: [], inapplicable: [], refusals: [] };
const stopRequested = { reason: 'sale', by: 'ann', at: start };

/** What the API answers to each of its routes, here with little in it; `link` leads to a file. */
const answers = (link: string, { body }: { body: string }): Record<string, unknown> => ({
  'GET /scenarios': { items: scenarios.map(describeScenario) },
  'GET /scenarios/{scenarioId}': describeScenario(scenarios[1]!),
  'GET /suites': { items: suites },
  'GET /suites/{suiteId}': suites.find(({ id }) => id === 'everything'),
  'POST /game-days': body.includes('"dryRun":true')
    ? dryRun
    : { gameDayId: 'gd-1', runs: [{ runId, scenario: 'control' }], inapplicable: [] },
  'GET /game-days': { items: [aGameDay()], next: null },
  'GET /game-days/{gameDayId}': aGameDay(),
  'POST /game-days/{gameDayId}/stop': { gameDayId: 'gd-1', stopped: [runId] },
  'GET /game-days/{gameDayId}/report': link,
  'POST /runs': body.includes('"dryRun":true') ? dryRun : { runId, gameDayId: 'gd-1', scenario: 'control' },
  'GET /runs': { items: [run], next: null },
  'GET /runs/{runId}': { ...run, windows: [aWindow(start)] },
  'POST /runs/{runId}/stop': { runId, stopRequested },
  'GET /runs/{runId}/report': link,
  'GET /runs/{runId}/evidence': {
    items: [{ path: evidencePath, bytes: 9, url: link }],
    next: null,
  },
  'POST /schedules': schedule,
  'GET /schedules': { items: [schedule], next: null },
  'GET /schedules/{name}': schedule,
  'POST /schedules/{name}/pause': { ...schedule, paused: true },
  'POST /schedules/{name}/resume': schedule,
  'DELETE /schedules/{name}': null,
  'GET /safety-lever': { ...lever, history: [lever] },
  'PUT /safety-lever': { ...lever, changed: true },
  'GET /targets': { items: [{ id: 'shop', valid: true, problem: null, endpoint: 'http://shop', has: ['cache'] }] },
  'GET /targets/{targetId}': aTarget(),
  'POST /target-validations': { valid: false, problems: [{ path: 'id', message: 'required' }], inapplicable: [] },
});

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const partsOf = (path: string) => new URL(path, 'http://x');

/** The route of a request: the one with the fewest placeholders that fits. */
function routeOf({ method, path }: Seen): Route | undefined {
  const asked = partsOf(path).pathname.replace(/^\/v1/, '');
  return routes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(asked),
  );
}

const file = '# Report\n';
let isGone = false;
let evidencePath = `runs/${runId}/windows/0.jsonl`;
let server: SignedServer;
let files: Server;
let folder: string;
let config: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-routes-'));
  config = join(folder, 'shop.json');
  writeFileSync(config, '{"id":"shop"}');
  files = createServer((_request, response) => response.writeHead(isGone ? 403 : 200).end(file));
  await once(files.listen(0, '127.0.0.1'), 'listening');
  const link = `http://127.0.0.1:${(files.address() as AddressInfo).port}/file`;
  server = await signedServer((request) => {
    const route = routeOf(request);
    if (!route) throw new Error(`no route takes ${request.method} ${request.path}`);
    const answer = answers(link, request)[nameOf(route)];
    if (answer === null) return { status: 204, body: '' };
    if (typeof answer === 'string') return { status: 302, body: '', headers: { location: answer } };
    return { status: 200, body: JSON.stringify(answer) };
  });
});
beforeEach(() => {
  server.seen.length = 0;
  isGone = false;
  evidencePath = `runs/${runId}/windows/0.jsonl`;
});
afterAll(async () => {
  await server.stop();
  files.closeAllConnections();
  await once(files.close(), 'close');
  rmSync(folder, { recursive: true, force: true });
});

const api = () => new OperatorApi({ url: server.url, region, credentials });
const faultline = (argv: string[]) => runCommand(argv, { api });

/** Every command line that asks for something, with the routes that it has to take, in order. */
const commandLines: [argv: string, routes: string[], text: string | RegExp][] = [
  ['run control', ['GET /targets', 'POST /runs'], /^Started run gd-1-control; watch it: npx faultline runs show/],
  [
    'run control --target shop --profile full --overrides {"load":{"users":5}} --idempotency-key k:1',
    ['POST /runs'],
    /^Started run/,
  ],
  ['run control --target shop --dry-run', ['POST /runs'], /Nothing would refuse it/],
  ['runs list', ['GET /runs'], /^RUN +TARGET .*\ngd-1-control +shop +quick +2027-01-15T08:00:00Z +prepare +–$/m],
  ['runs show gd-1-control', ['GET /runs/{runId}'], /^scenario +control \(quick\) on shop$/m],
  [
    'runs stop gd-1-control --reason sale',
    ['POST /runs/{runId}/stop'],
    'Asked run gd-1-control to stop: sale (ann).\n',
  ],
  ['runs report gd-1-control --link', ['GET /runs/{runId}/report'], /^http.*\/file\n$/],
  ['runs evidence gd-1-control', ['GET /runs/{runId}/evidence'], /^runs\/gd-1-control\/windows\/0\.jsonl +9$/m],
  ['game-days start --suite weekly --cool-down 5 -t shop', ['POST /game-days'], /^Started game-day gd-1;/],
  [
    'game-days start -s control -s cache-failure --stop-on-failure fail -t shop --idempotency-key k',
    ['POST /game-days'],
    /^ {2}gd-1-control$/m,
  ],
  ['game-days start --dry-run -t shop', ['POST /game-days'], /Nothing would refuse it/],
  ['game-days list', ['GET /game-days'], /^gd-1 +shop +quick +1 +2027-01-15T08:00:00Z +– +goes on$/m],
  ['game-days show gd-1', ['GET /game-days/{gameDayId}'], /^target +shop \(quick\)$/m],
  ['game-days stop gd-1', ['POST /game-days/{gameDayId}/stop'], /^Asked game-day gd-1 to stop; its run gd-1-control/],
  ['game-days report gd-1 --format html --link', ['GET /game-days/{gameDayId}/report'], /^http.*\/file\n$/],
  ['stop gd-1', ['POST /game-days/{gameDayId}/stop'], /^Asked game-day/],
  ['stop', ['GET /game-days', 'POST /game-days/{gameDayId}/stop'], /^Asked game-day gd-1/],
  [
    'schedules create weekly -e rate(7 days) -z Europe/Berlin --suite weekly -t shop --concurrency queue --paused',
    ['POST /schedules'],
    /^when +rate\(7 days\) UTC$/m,
  ],
  ['schedules list', ['GET /schedules'], /^weekly +rate\(7 days\) +UTC +on +shop +weekly +–$/m],
  ['schedules show weekly', ['GET /schedules/{name}'], /^schedule +weekly$/m],
  ['schedules pause weekly', ['POST /schedules/{name}/pause'], /^schedule +weekly \(paused\)$/m],
  ['schedules resume weekly', ['POST /schedules/{name}/resume'], /^schedule +weekly$/m],
  ['schedules delete weekly', ['DELETE /schedules/{name}'], 'Schedule weekly is deleted.\n'],
  ['lever show', ['GET /safety-lever'], /^The safety lever is pulled: sale/],
  ['lever pull --reason sale', ['PUT /safety-lever'], /^The safety lever is pulled/],
  ['lever release --reason over', ['PUT /safety-lever'], /^The safety lever/],
  ['scenarios list', ['GET /scenarios'], /^cache-failure +20 s +120 s +\S/m],
  ['scenarios show database-failure', ['GET /scenarios/{scenarioId}'], /^RTO target +300 s$/m],
  ['suites list', ['GET /suites'], /^weekly +\w+ +\d+ +\S/m],
  ['suites show everything', ['GET /suites/{suiteId}'], /^suite +everything: \S/m],
  ['targets list', ['GET /targets'], /^shop +yes +http:\/\/shop +cache$/m],
  ['targets show shop', ['GET /targets/{targetId}'], /^ {2}"id": "shop",$/m],
  ['targets validate CONFIG', ['POST /target-validations'], 'It does not hold:\n  id: required\n'],
];

/** `-e rate(7 days)` is one argument's value. */
const argvOf = (line: string) => line.replace('CONFIG', config).split(/ (?![^(]*\))/);

describe.each(commandLines)('faultline %s', (line, taken, text) => {
  test('asks what the API takes, and tells its answer', async () => {
    const { status, stdout, stderr } = await faultline(argvOf(line));
    expect(stderr).toBe('');
    expect(server.seen.map((request) => nameOf(routeOf(request)!))).toEqual(taken);
    for (const request of server.seen) {
      const { query, body, isIdempotent } = routeOf(request)!;
      query.parse(Object.fromEntries(partsOf(request.path).searchParams));
      if (body) body.parse(JSON.parse(request.body));
      else expect(request.body).toBe('');
      headersSchema.parse({ 'Idempotency-Key': request.headers['idempotency-key'] });
      if (isIdempotent && !line.includes('--dry-run')) expect(request.headers['idempotency-key']).toBeDefined();
    }
    if (typeof text === 'string') expect(stdout).toBe(text);
    else expect(stdout).toMatch(text);
    expect(status).toBe(line.startsWith('targets validate') ? 1 : 0);
  });

  // A link is one, whoever asks for it.
  if (!line.includes('--link')) {
    test('tells it as JSON for scripts', async () => {
      const { stdout, stderr } = await faultline([...argvOf(line), '--json']);
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toBeInstanceOf(Object);
    });
  }
});

test('every route of the API has its command', () => {
  const taken = new Set(commandLines.flatMap(([, names]) => names));
  expect(routes.map(nameOf).filter((name) => !taken.has(name))).toEqual([]);
});

test('what is said at the command line is in the request', async () => {
  await faultline(argvOf(commandLines[1]![0]));
  const [request] = server.seen;
  expect(JSON.parse(request!.body)).toEqual({
    target: 'shop',
    scenario: 'control',
    profile: 'full',
    overrides: { load: { users: 5 } },
  });
  expect(request!.headers['idempotency-key']).toBe('k:1');
  await faultline(argvOf(commandLines.find(([line]) => line.startsWith('schedules create'))![0]));
  expect(JSON.parse(server.seen[1]!.body)).toEqual({
    ...{ name: 'weekly', expression: 'rate(7 days)', timeZone: 'Europe/Berlin', concurrency: 'queue', paused: true },
    ...{ target: 'shop', suite: 'weekly' },
  });
});

describe('what is behind a link', () => {
  test('is printed, or written where it is wanted', async () => {
    expect(await faultline(['runs', 'report', runId])).toMatchObject({ status: 0, stdout: file });
    const out = join(folder, 'reports', 'control.html');
    const { stdout } = await faultline(['game-days', 'report', 'gd-1', '--format', 'html', '--out', out]);
    expect(stdout).toBe(`${out}: ${file.length} bytes\n`);
    expect(readFileSync(out, 'utf8')).toBe(file);
    expect(partsOf(server.seen.at(-1)!.path).search).toBe('?format=html');
  });

  test('of evidence is every file, in a folder of the run', async () => {
    const { stdout } = await faultline(['runs', 'evidence', runId, '--out', folder]);
    expect(stdout).toContain(`1 files; check them: npx faultline report verify ${join(folder, runId)}`);
    expect(readFileSync(join(folder, runId, 'windows', '0.jsonl'), 'utf8')).toBe(file);
  });

  test('never leads out of that folder', async () => {
    evidencePath = `runs/${runId}/../../passwd`;
    const { status, stderr } = await faultline(['runs', 'evidence', runId, '--out', join(folder, 'other')]);
    expect([status, stderr]).toEqual([3, `error: ${evidencePath} is no file of run ${runId}\n`]);
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  test('that cannot be had is told without the link', async () => {
    isGone = true;
    const { status, stderr } = await faultline(['runs', 'report', runId]);
    expect([status, stderr]).toEqual([
      3,
      expect.stringMatching(/^error: 127\.0\.0\.1:\d+ answered with HTTP status 403\n$/),
    ]);
  });
});
