import { join, resolve } from 'node:path';
import { checkPreconditions } from '../preconditions.ts';
import { ensureManagedHost } from './managed-host.ts';
import { ensurePython } from './python.ts';
import { SetupFailed } from './setup-failed.ts';
import { ensureSystemPackages } from './system-packages.ts';

export const repository = resolve(import.meta.dirname, '..', '..', '..');
export const python = join(repository, '.faultline', 'venv', 'bin', 'python');

/**
 * Brings whatever the local run lacks on this machine and changes nothing that is there already.
 * @param signal ends it early; what is half made is made anew the next time
 * @throws SetupFailed, CommandFailed
 */
export async function setup(progress: (text: string) => void, signal?: AbortSignal): Promise<void> {
  await ensureSystemPackages(progress, signal);
  const requirements = join(repository, 'infra', 'local', 'requirements.txt');
  await ensurePython(python, requirements, 'Python environment with Locust, MiniStack and Redis', progress, signal);
  await ensureManagedHost(progress, signal);
  const problems = await checkPreconditions({ python });
  if (problems.length > 0) throw new SetupFailed(problems.map((p) => `${p.problem}; mend it with: ${p.mend}`));
}

if (import.meta.main) {
  setup((text) => process.stderr.write(`set-up: ${text}\n`)).catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
