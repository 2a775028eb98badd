import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { z } from 'zod';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { evidenceFiles } from '../../lambdas/support/bundle.ts';

const analysed = z.object({ seconds: z.number(), cpuSeconds: z.number(), megabytes: z.number(), verdict: z.string() });
export type Analysed = z.infer<typeof analysed>;

/** A run's evidence as the files of a bundle. @returns the run's id */
export function writeEvidence(evidence: Evidence, folder: string): string {
  for (const [path, bytes] of evidenceFiles(evidence)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return evidence.run.runId;
}

/** One file, as a Lambda function is. */
export async function bundledAnalysis(outfile: string): Promise<string> {
  const entry = join(import.meta.dirname, 'analyse-folder.ts');
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: banner },
    logLevel: 'error',
  });
  return outfile;
}

/**
 * Analyses a folder in a process with the limits of a Lambda function of this size: 90 % of its memory for the old
 * generation, 5 % for the young. @throws what the process ended with, where that is not enough
 */
export async function analyseIn(
  program: string,
  megabytes: number,
  folder: string,
  runId: string,
  signal: AbortSignal,
): Promise<Analysed> {
  const limits = [
    `--max-old-space-size=${Math.floor(megabytes * 0.9)}`,
    `--max-semi-space-size=${Math.floor(megabytes * 0.05)}`,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...limits, program, runId, folder], { signal });
  return analysed.parse(JSON.parse(stdout));
}
