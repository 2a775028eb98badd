import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { python, repository, setup } from '../infra/local/setup/setup.ts';

/** `npm test`: set-up, then style, types and every test; `npm test -- <jest arguments>` runs a part of the tests only. */
const bin = (name: string) => join(repository, 'node_modules', '.bin', name);

/**
 * Tests wait for programs most of their time, so some files run side by side, whatever the number of processors. What measures,
 * or looks at everything that there is on the machine, comes last and has it for itself.
 */
const passes = [
  ['--selectProjects', 'parts', '--maxWorkers', '3'],
  ['--selectProjects', 'end-to-end', '--maxWorkers', '2'],
  ['--selectProjects', 'alone', '--maxWorkers', '1'],
];

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
  let [status, passed, failed] = [0, 0, 0];
  for (const pass of passes) {
    const result = await jest([...pass, '--passWithNoTests', ...jestArguments]);
    status ||= result.status;
    passed += result.passed;
    failed += result.failed;
  }
  if (passed + failed === 0 && status === 0) {
    process.stderr.write(`no test matches: ${jestArguments.join(' ')}\n`);
    status = 1;
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return status;
}

async function jest(options: string[]): Promise<{ status: number; passed: number; failed: number }> {
  const results = join(repository, '.faultline', 'test-results.json');
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const env = { ...process.env, FAULTLINE_PYTHON: python };
  const status = await run([process.execPath, bin('jest'), '--json', '--outputFile', results, ...options], env);
  if (!existsSync(results)) return { status: status || 1, passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  // A file that could not even be loaded has failed as well.
  return { status, passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
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
