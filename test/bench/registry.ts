import type { Benchmark } from './benchmark.ts';

/** Every benchmark of `npm run bench`, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [];
