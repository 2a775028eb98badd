import { readFileSync } from 'node:fs';
import type { Display } from '../../infra/cli/display.ts';
import type { StopSignal } from '../../infra/cli/stop-signal.ts';
import type { Benchmark, Result } from './benchmark.ts';
import { parseArguments, WrongUsage } from './command-line.ts';
import { mergeResults, ResultsUnreadable } from './results-file.ts';
import { runBenchmarks } from './run-benchmarks.ts';
import { measureTable, resultTable } from './table.ts';

export interface Bench {
  benchmarks: readonly Benchmark[];
  /** Where the results are kept. */
  file: string;
  /** Brings what the benchmarks need on this machine. */
  setup(progress: (text: string) => void, signal: AbortSignal): Promise<void>;
  display: Display;
  stop: Pick<StopSignal, 'asked' | 'insisted'>;
  stdout(text: string): void;
  stderr(text: string): void;
}

/** Documented in the help text. */
export const exitOf = { met: 0, missed: 1, usage: 2, failed: 3, stopped: 4 } as const;

/** `npm run bench` with these arguments. Returns the exit status, documented in the help text. */
export async function bench(argv: readonly string[], io: Bench): Promise<number> {
  const measures = io.benchmarks.flatMap(({ ids }) => Object.entries(ids));
  try {
    const asked = parseArguments(
      argv,
      measures.map(([id]) => id),
    );
    if ('help' in asked) io.stdout(asked.help);
    else if (asked.list) {
      const list = measures.map(([id, measure]) => ({ id, ...measure }));
      io.stdout(asked.json ? `${JSON.stringify(list, null, 2)}\n` : measureTable(measures));
    } else {
      // What is wrong with the file is found out now, and not after the benchmarks.
      mergeResults(io.file, []);
      return await measure(asked, io);
    }
    return exitOf.met;
  } catch (error) {
    if (!(error instanceof WrongUsage || error instanceof ResultsUnreadable)) throw error;
    io.stderr(`${error.message}\n`);
    return exitOf.usage;
  }
}

async function measure({ ids, json }: { ids: string[]; json: boolean }, io: Bench): Promise<number> {
  const { display, stop, file } = io;
  display.step('Set-up');
  try {
    await io.setup((text) => display.update(text), stop.asked);
  } catch (error) {
    if (stop.asked.aborted) return exitOf.stopped;
    display.failed((error as Error).message);
    return exitOf.failed;
  }
  display.done();

  const chosen = io.benchmarks.filter((b) => ids.length === 0 || Object.keys(b.ids).some((id) => ids.includes(id)));
  const { results, stopped } = await runBenchmarks(chosen, {
    display,
    stop,
    keep: (fresh) => mergeResults(file, fresh),
  });
  io.stdout(json ? readFileSync(file, 'utf8') : resultTable(results));
  return stopped ? exitOf.stopped : exitOfResults(results);
}

function exitOfResults(results: readonly Result[]): number {
  if (results.some((r) => r.value === null)) return exitOf.failed;
  return results.every((r) => r.met) ? exitOf.met : exitOf.missed;
}
