import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Page } from './server.ts';

const folder = join(import.meta.dirname, 'page');

/** The page as a browser gets it: its program in one file, with nothing to load from elsewhere. */
export async function pageFiles(): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
    legalComments: 'none',
  });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { html: read('index.html'), style: read('page.css'), script: outputFiles[0]!.text };
}
