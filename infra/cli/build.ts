import { join } from 'node:path';
import { build } from 'esbuild';

/** `npm pack` makes the package's one file: the command line with all that it imports, for the Node that is there. */
const repository = join(import.meta.dirname, '..', '..');

await build({
  entryPoints: [join(repository, 'bin', 'faultline-package.ts')],
  outfile: join(repository, 'dist', 'faultline.mjs'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.12',
  // The licences of what is in it.
  legalComments: 'linked',
  // For dependencies that are CommonJS and ask for Node's own modules.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
