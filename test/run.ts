import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { python, repository, setup } from '../infra/local/setup/setup.ts';

/** `npm test`: set-up, then style, types and every test; `npm test -- <jest arguments>` runs a part of the tests only. */
const bin = (name: string) => join(repository, 'node_modules', '.bin', name);
const results = join(repository, '.faultline', 'test-results.json');

function run(argv: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { cwd: repository, stdio: 'inherit', env });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

async function main(jestArguments: string[]): Promise<number> {
  await setup((text) => process.stderr.write(`set-up: ${text}\n`));
  if (jestArguments.length === 0) {
    if (await run([bin('biome'), 'check', '--error-on-warnings', '.'])) return 1;
    if (await run([bin('tsc'), '--noEmit'])) return 1;
  }
  mkdirSync(dirname(results), { recursive: true });
  const env = { ...process.env, FAULTLINE_PYTHON: python };
  const jest = [process.execPath, bin('jest'), '--json', '--outputFile', results, ...jestArguments];
  const status = await run(jest, env);
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed\n`);
  return status;
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
