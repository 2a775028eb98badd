import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineBenchmark } from '../benchmark.ts';
import { type Analysed, analyseIn, bundledAnalysis, writeEvidence } from '../truth/analysis-process.ts';
import { longRun, type Volume } from '../truth/long-run.ts';

/** Of a database's failure at the full profile, with its whole recovery limit. */
const windows = 540;
const series = 20;
/** Each asks once a second. */
const users = [10_000, 100_000, 1_000_000] as const;
const writes = [10_000, 30_000, 100_000, 300_000, 1_000_000] as const;
/** Of the function that analyses: lib/scenario-machine/run-functions.ts. */
const [megabytes, limitSeconds] = [2048, 300];

/** How far the analysis goes with the volume of a run, by itself: what it is given is made up, whole and at once. */
export const analysisScale = defineBenchmark({
  ids: {
    'analysis-users': {
      unit: 'users',
      goal: { at: 'least', value: 1_000_000 },
      what: `users whose ${windows} windows of ${series} series are analysed with ${megabytes} MB in ${limitSeconds} s; ${users.at(-1)} are tried at most`,
    },
    'analysis-writes': {
      unit: 'writes',
      goal: { at: 'least', value: 100_000 },
      what: `marked writes whose ledger and read-back are analysed with that; ${writes.at(-1)} are tried at most`,
    },
  },
  async run({ signal, progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-scale-'));
    try {
      const program = await bundledAnalysis(join(folder, 'analyse.mjs'));
      const tried = async <T extends number>(sizes: readonly T[], what: string, volume: (size: T) => Volume) => {
        const detail: ({ size: T } & (Analysed | { reason: string }))[] = [];
        for (const size of sizes) {
          progress(`${size} ${what}`);
          const where = join(folder, `${what}-${size}`);
          const runId = writeEvidence(longRun(windows, series, volume(size)), where);
          const outcome = await held(() => analyseIn(program, megabytes, where, runId, signal), signal);
          rmSync(where, { recursive: true, force: true });
          detail.push({ size, ...outcome });
          if (!fits(outcome)) break;
        }
        const within = detail.filter(fits).map(({ size }) => size);
        return { value: Math.max(0, ...within), detail };
      };
      return {
        'analysis-users': await tried(users, 'users', (size) => ({ requests: size / series })),
        'analysis-writes': await tried(writes, 'writes', (size) => ({ writes: size })),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

/** The whole process counts, as it does for a Lambda, and not its heap alone. */
const fits = (outcome: Analysed | { reason: string }): boolean =>
  'seconds' in outcome && outcome.seconds <= limitSeconds && outcome.megabytes <= megabytes;

/** An analysis that runs out of memory is a result: it says how far it goes. */
async function held(analyse: () => Promise<Analysed>, signal: AbortSignal): Promise<Analysed | { reason: string }> {
  try {
    return await analyse();
  } catch (error) {
    signal.throwIfAborted();
    const { stderr = '' } = error as { stderr?: string };
    const reason = /FATAL ERROR: .*/.exec(stderr)?.[0];
    if (reason === undefined) throw error;
    return { reason };
  }
}
