import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The name of the application's main process, by which it is found. */
export const processName = 'sample-app';

/** Puts the sample application into one file, since the guest has neither the repository nor its packages. */
export async function bundleProgram(repository: string, folder: string): Promise<void> {
  await run(join(repository, 'node_modules', '.bin', 'esbuild'), [
    ...[join(repository, 'infra', 'sample-app', 'main.ts'), `--outfile=${join(folder, 'app.cjs')}`],
    ...['--bundle', '--platform=node', '--target=node24', '--external:pg-native', '--log-level=warning'],
    // Node gives its main thread another name once it runs.
    `--banner:js=process.title = '${processName}';`,
  ]);
}
