import type { Display } from '../../infra/cli/display.ts';
import type { StopSignal } from '../../infra/cli/stop-signal.ts';
import { type Benchmark, isMet, type Measured, type Result, resultSchema } from './benchmark.ts';
import { valueText } from './table.ts';

export interface Surroundings {
  display: Display;
  stop: Pick<StopSignal, 'asked' | 'insisted'>;
  /** Called with the results of each benchmark as soon as it has ended. */
  keep(results: Result[]): void;
}

/**
 * Runs the benchmarks one after the other: each is to have the machine for itself. One that fails has results without a
 * value, and the others still run; one that was ended early has none, and no other runs after it.
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  { display, stop, keep }: Surroundings,
): Promise<{ results: Result[]; stopped: boolean }> {
  const results: Result[] = [];
  for (const benchmark of benchmarks) {
    if (stop.asked.aborted) return { results, stopped: true };
    display.step(Object.keys(benchmark.ids).join(', '));
    const fresh = await resultsOf(benchmark, { display, stop });
    if (!fresh) {
      display.failed('stopped');
      return { results, stopped: true };
    }
    keep(fresh);
    results.push(...fresh);
  }
  return { results, stopped: false };
}

/** @returns null when the benchmark was ended early */
async function resultsOf(
  benchmark: Benchmark,
  { display, stop }: Pick<Surroundings, 'display' | 'stop'>,
): Promise<Result[] | null> {
  const io = { signal: stop.asked, progress: (text: string) => display.update(text) };
  const insisted = Promise.withResolvers<never>();
  const leave = () => insisted.reject(stop.insisted.reason);
  stop.insisted.addEventListener('abort', leave, { once: true });
  try {
    const results = judge(benchmark, await Promise.race([benchmark.run(io), insisted.promise]));
    display.done(results.map(valueText).join(', '));
    return results;
  } catch (error) {
    if (stop.asked.aborted) return null;
    const reason = told(error);
    display.failed(reason);
    return Object.entries(benchmark.ids).map(([id, { unit, goal }]) => {
      return { id, value: null, unit, goal, met: false, detail: { reason } };
    });
  } finally {
    stop.insisted.removeEventListener('abort', leave);
  }
}

/** @throws when an id has no value, or one that JSON cannot hold */
function judge(benchmark: Benchmark, measured: Readonly<Record<string, Measured | undefined>>): Result[] {
  return Object.entries(benchmark.ids).map(([id, { unit, goal }]) => {
    const found = measured[id];
    if (typeof found?.value !== 'number' || !Number.isFinite(found.value)) {
      throw new Error(`the benchmark gave '${id}' no value but ${found?.value}`);
    }
    const { value } = found;
    const detail = JSON.parse(JSON.stringify(found.detail ?? null));
    return resultSchema.parse({ id, value, unit, goal, met: isMet(goal, value), detail });
  });
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}
