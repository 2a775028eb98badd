import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BundlingOptions, DockerImage } from 'aws-cdk-lib';

const repository = join(import.meta.dirname, '..', '..');

export const programFolder = (name: string) => join(repository, 'infra', name);

/** The program in one file that needs nothing but Node, as `main.mjs`, with the Dockerfile that is beside its source. */
export function bundleProgram(folder: string, output: string): void {
  // For dependencies that are CommonJS and ask for Node's own modules. Node gives its main thread another name once it runs.
  const title = `process.title = '${basename(folder)}';`;
  const banner = `${title} import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;
  execFileSync(
    join(repository, 'node_modules', '.bin', 'esbuild'),
    [
      join(folder, 'main.ts'),
      ...['--bundle', '--platform=node', '--target=node24', '--format=esm', '--external:pg-native'],
      ...[`--banner:js=${banner}`, `--outfile=${join(output, 'main.mjs')}`, '--log-level=warning'],
    ],
    { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const dockerfile = join(folder, 'Dockerfile');
  if (existsSync(dockerfile)) copyFileSync(dockerfile, join(output, 'Dockerfile'));
}

/** For an asset of that folder. No container makes it: the named image is never used. */
export const programBundling = (folder: string): BundlingOptions => ({
  image: DockerImage.fromRegistry('public.ecr.aws/docker/library/node:24-slim'),
  local: {
    tryBundle(output) {
      bundleProgram(folder, output);
      return true;
    },
  },
});
