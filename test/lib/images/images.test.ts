import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleProgram, programFolder } from '../../../lib/images/program-bundle.ts';
import { faultlinePython } from '../../support/python.ts';
import { end, freePort } from '../../support/services.ts';

const infra = join(__dirname, '..', '..', '..', 'infra');
const dockerfile = (...path: string[]) => readFileSync(join(infra, ...path, 'Dockerfile'), 'utf8');
/** What a Dockerfile copies from its context. */
const copied = (text: string) => [...text.matchAll(/^COPY (\S+) /gm)].map((match) => match[1]!);

const folder = mkdtempSync(join(tmpdir(), 'faultline-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the sample application runs from the one file that its image and its host get', async () => {
  const output = join(folder, 'sample-app');
  bundleProgram(programFolder('sample-app'), output);
  expect(copied(readFileSync(join(output, 'Dockerfile'), 'utf8'))).toEqual(['main.mjs']);
  const port = await freePort();
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: 'postgres://127.0.0.1:9/x',
    REDIS_URL: 'redis://127.0.0.1:9',
  };
  const program = spawn(process.execPath, ['--title=sample-app', 'main.mjs'], { cwd: output, env, stdio: 'ignore' });
  try {
    expect(await answerOf(`http://127.0.0.1:${port}/health`)).toMatchObject({ status: 503, database: 'down' });
    // By this name the documents find it on a host.
    expect(readFileSync(`/proc/${program.pid}/comm`, 'utf8').trim()).toBe('sample-app');
  } finally {
    await end(program);
  }
});

async function answerOf(url: string): Promise<unknown> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await (await fetch(url)).json();
    } catch (error) {
      if (attempt > 100) throw error;
      await sleep(100);
    }
  }
}

test('what blocks a database runs from the one file that its image gets', () => {
  const output = join(folder, 'slow-query');
  bundleProgram(programFolder('slow-query'), output);
  expect(existsSync(join(output, 'Dockerfile'))).toBe(true);
  const run = () => execFileSync(process.execPath, ['main.mjs'], { cwd: output, env: {}, stdio: 'pipe' });
  expect(run).toThrow(/environment: FAULTLINE_SESSION_NAME/);
});

test("Locust's image has the versions that the local run is tested with, and what it copies is there", () => {
  const text = dockerfile('images', 'locust');
  const botocore = /botocore==([\d.]+)/.exec(text)![1];
  const installed = "import importlib.metadata as m; print(m.version('botocore'), end='')";
  expect(execFileSync(faultlinePython(), ['-c', installed], { encoding: 'utf8' })).toBe(botocore);
  for (const path of copied(text)) expect([path, existsSync(join(infra, path))]).toEqual([path, true]);
  const pins = readFileSync(join(infra, 'local', 'requirements.txt'), 'utf8');
  expect(pins.match(/^(locust|hdrhistogram)==/gm)).toHaveLength(2);
});

test('a database and a cache are the official images', () => {
  expect(dockerfile('images', 'postgres')).toMatch(/^FROM public\.ecr\.aws\/docker\/library\/postgres:18$/m);
  expect(dockerfile('images', 'redis')).toMatch(/^FROM public\.ecr\.aws\/docker\/library\/redis:7$/m);
});
