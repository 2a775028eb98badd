import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.ts';
import { basePython } from './system-packages.ts';

/**
 * Makes the Python environment at `<venv>/bin/python` with the pinned requirements, or leaves it alone when it was made
 * from the same file. A half-made one is made anew.
 * @throws CommandFailed with pip's own words
 */
export async function ensurePython(
  python: string,
  requirements: string,
  what: string,
  progress: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const venv = dirname(dirname(python));
  const stamp = join(venv, 'requirements.stamp');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  progress(`${what} (pip), about half a minute`);
  rmSync(venv, { recursive: true, force: true });
  await runCommand([(await basePython()) ?? 'python3', '-m', 'venv', venv], { signal });
  const install = ['pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  await runCommand([python, '-m', ...install], { signal });
  writeFileSync(stamp, wanted);
}
