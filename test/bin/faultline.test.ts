import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { scenarios } from '../../lambdas/scenarios/registry.ts';
import { isPortOpen } from '../infra/local/probe.ts';
import { credentials, region, signedServer } from '../lambdas/operator/signed-server.ts';
import { freePort } from '../support/services.ts';

const repository = resolve(__dirname, '..', '..');
const node = join(repository, 'node_modules', '.bin', 'node');

interface Ended {
  pid: number;
  code: number | null;
  stdout: string;
  stderr: string;
}

let folder: string;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-cli-'));
  port = await freePort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `bin/faultline.ts` in a folder of its own, ended when it does more than tell what is wrong. */
function faultline(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(node, [join(repository, 'bin', 'faultline.ts'), ...args], {
    cwd: folder,
    env: { ...process.env, FAULTLINE_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  const ended: Ended = { pid: child.pid!, code: null, stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      ended[stream] += text;
    });
  }
  return new Promise((done, reject) => {
    child.on('error', reject);
    child.on('close', (code) => done({ ...ended, code }));
  });
}

/** The processes that own the state folder of a local stack. */
function stackOwners(): number[] {
  const root = join(repository, '.faultline', 'run');
  const owners = (existsSync(root) ? readdirSync(root) : []).map((name) => join(root, name, 'owner.json'));
  return owners.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')).pid);
}

describe('wrong usage is one clear line, and nothing is started', () => {
  test('of the arguments', async () => {
    const { pid, ...ended } = await faultline(['start', '--scenario', 'nope']);
    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^error: [^\n]*'nope'[^\n]*\n$/),
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(await isPortOpen(port)).toBe(false);
    expect(stackOwners()).not.toContain(pid);
  });

  test('of the environment', async () => {
    const line = 'error: FAULTLINE_PORT is "banana"; it has to be a port from 1 to 65535\n';
    for (const args of [['start'], ['stop'], ['lever', 'show']]) {
      const { code, stderr } = await faultline(args, { FAULTLINE_PORT: 'banana' });
      expect([args, code, stderr]).toEqual([args, 2, line]);
    }
  });

  test('of nothing at all: that is told with the help', async () => {
    const { pid, ...ended } = await faultline([]);
    expect(ended).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^Usage: faultline /) });
    expect(await isPortOpen(port)).toBe(false);
    expect(stackOwners()).not.toContain(pid);
  });
});

describe('in another terminal', () => {
  test('there is nothing to stop while nothing runs', async () => {
    for (const args of [['stop'], ['stop', 'gd-1']]) {
      const { code, stdout, stderr } = await faultline(args);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toBe(
        `error: nothing runs here at FAULTLINE_PORT ${port}: start it with npx faultline up, or set FAULTLINE_API to the address of a deployment's API\n`,
      );
    }
  });

  test("the deployment that FAULTLINE_API names is asked with the environment's credentials", async () => {
    const lever = { pulled: true, by: 'ann', reason: 'sale', at: 1, changed: true };
    const api = await signedServer(() => ({ status: 200, body: JSON.stringify(lever) }));
    const env = {
      FAULTLINE_API: api.url,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    try {
      const { code, stdout, stderr } = await faultline(['lever', 'pull', '--reason', 'sale', '--json'], env);
      expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', lever]);
      expect(api.seen).toMatchObject([
        { method: 'PUT', path: '/v1/safety-lever', body: '{"pulled":true,"reason":"sale"}' },
      ]);
      const refused = await faultline(['lever', 'show'], { ...env, AWS_SECRET_ACCESS_KEY: 'another' });
      expect(refused).toMatchObject({ code: 3, stdout: '', stderr: 'error: Forbidden\n' });
    } finally {
      await api.stop();
    }
  });
});

test('a deployment is not asked without AWS credentials, which is told in a line that says how to give some', async () => {
  const api = await signedServer(() => ({ status: 200, body: '{}' }));
  const home = {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
  };
  const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_EC2_METADATA_DISABLED: 'true' };
  try {
    for (const AWS_PROFILE of [undefined, 'nobody']) {
      const env = { ...home, ...none, FAULTLINE_API: api.url, AWS_REGION: region, AWS_PROFILE };
      const { code, stdout, stderr } = await faultline(['lever', 'show'], env);
      expect([code, stdout]).toEqual([3, '']);
      expect(stderr).toMatch(/^error: FAULTLINE_API [^\n]* AWS_PROFILE, or AWS_ACCESS_KEY_ID and [^\n]*\n$/);
    }
    expect(api.seen).toEqual([]);
  } finally {
    await api.stop();
  }
});

describe('--list', () => {
  test('has a line for each scenario, and says which cannot be run yet', async () => {
    const { code, stdout, stderr } = await faultline(['start', '--list']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(scenarios.map((s) => s.id));
    for (const [i, { status, trigger }] of scenarios.entries()) {
      expect(lines[i]).toContain(trigger);
      expect(lines[i]!.includes('not available yet')).toBe(status === 'planned');
    }
  });

  test('--json is the same for scripts', async () => {
    const { code, stdout } = await faultline(['start', '--list', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(scenarios)));
  });
});

test('--help tells what there is', async () => {
  const { code, stdout, stderr } = await faultline(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('start [options]');
});

test("--version is the package's", async () => {
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const { code, stdout } = await faultline(['--version']);
  expect([code, stdout]).toEqual([0, `${version}\n`]);
});
