import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { credentials, region, signedServer } from '../lambdas/operator/signed-server.ts';

const repository = resolve(__dirname, '..', '..');
const pinnedNode = join(repository, 'node_modules', 'node', 'bin');

/** As a person has it who installed the package and has no repository. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-package-'));
  const packed = join(folder, 'packed');
  mkdirSync(packed);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: repository, stdio: 'pipe' });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const tarball = join(packed, readdirSync(packed)[0]!);
  // It needs nothing beside itself, so nothing is fetched.
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder, stdio: 'pipe' });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultline(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME } = process.env;
  const child = spawn(join(folder, 'node_modules', '.bin', 'faultline'), args, {
    cwd: folder,
    env: { PATH: `${pinnedNode}:${PATH}`, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = { code: null as number | null, stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      ended[stream] += text;
    });
  }
  return new Promise<typeof ended>((done, reject) => {
    child.on('error', reject);
    child.on('close', (code) => done({ ...ended, code }));
  });
}

test('is one package, without others', () => {
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  expect(packages).toEqual(['faultline']);
});

test('tells what there is', async () => {
  const { code, stdout, stderr } = await faultline(['--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('run [options] <scenario>');
});

test('asks the API of a deployment, signed', async () => {
  const api = await signedServer(() => ({ status: 200, body: '{"items":[],"next":null}' }));
  const env = {
    FAULTLINE_API: api.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  try {
    expect(await faultline(['runs', 'list'], env)).toEqual({ code: 0, stdout: 'There is no run.\n', stderr: '' });
    expect(api.seen.map(({ path }) => path)).toEqual(['/v1/runs?limit=20']);
  } finally {
    await api.stop();
  }
});

test('says what it needs where it is told of none', async () => {
  const { code, stderr } = await faultline(['runs', 'list']);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/^error: set FAULTLINE_API to [^\n]*\n$/)]);
});

test.each(['start', 'up'])('%s is a matter of the repository, which is told', async (command) => {
  const { code, stdout, stderr } = await faultline([command]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(new RegExp(`^error: ${command} works in a clone of the repository[^\n]*\n$`));
});

test('a Node that is too old is told in a line', () => {
  const script = join(folder, 'node_modules', 'faultline', 'bin', 'faultline.mjs');
  const old = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });
    await import(${JSON.stringify(script)});`;
  const node = join(pinnedNode, 'node');
  let told = { status: 0, stderr: '' };
  try {
    execFileSync(node, ['--input-type=module', '-e', old], { cwd: dirname(script), encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    told = error as typeof told;
  }
  expect([told.status, told.stderr]).toEqual([3, 'error: Node 20.19.0 is too old; Node 22.12 or later is needed\n']);
});
