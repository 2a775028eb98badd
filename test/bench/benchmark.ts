import { z } from 'zod';

const goalSchema = z.strictObject({ at: z.enum(['least', 'most']), value: z.number() });

/** One entry of `out/bench.json`. `value` is null when the benchmark itself failed; `detail` then has the reason. */
export const resultSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  value: z.number().nullable(),
  unit: z.string(),
  goal: goalSchema,
  met: z.boolean(),
  detail: z.json(),
});
export type Result = z.infer<typeof resultSchema>;
export type Goal = z.infer<typeof goalSchema>;

/** What one id stands for. */
export interface Measure {
  unit: string;
  goal: Goal;
  /** One line: what is measured. */
  what: string;
}

/** A value in the unit of its measure, and what it was made of: anything that JSON can hold. */
export interface Measured {
  value: number;
  detail: unknown;
}

export interface BenchmarkIo {
  /** Aborted when the benchmark is to end early; whatever it started has to end with it. */
  signal: AbortSignal;
  /** One line on where it is. */
  progress(text: string): void;
}

export interface Benchmark {
  ids: Readonly<Record<string, Measure>>;
  run(io: BenchmarkIo): Promise<Readonly<Record<string, Measured>>>;
}

/**
 * A benchmark measures one id or more, all in one go. When its signal is aborted, `run` rejects; what it resolves with
 * counts as measured.
 */
export const defineBenchmark = <Id extends string>(benchmark: {
  ids: Record<Id, Measure>;
  run(io: BenchmarkIo): Promise<Record<NoInfer<Id>, Measured>>;
}): Benchmark => benchmark;

export const isMet = ({ at, value: goal }: Goal, value: number): boolean =>
  at === 'least' ? value >= goal : value <= goal;
