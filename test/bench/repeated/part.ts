/** For who works on a benchmark of many runs; docs/benchmarks.md has it. */
export const partVariable = 'FAULTLINE_BENCH_RUNS';

/**
 * How many of a benchmark's runs are to be made: all of them, or fewer where the environment asks for a part.
 * @throws RangeError
 */
export function partOf(whole: number, env: NodeJS.ProcessEnv = process.env): number {
  const text = env[partVariable] ?? '';
  if (text === '') return whole;
  const part = Number(text);
  if (!Number.isInteger(part) || part < 1 || part > whole) {
    throw new RangeError(`${partVariable} is '${text}'; it has to be a whole number from 1 to ${whole}`);
  }
  return part;
}

/** A part is told and never kept as a result. @throws Error where it is one */
export function refusePart(part: number, whole: number, found: unknown): void {
  if (part < whole) {
    throw new Error(`${partVariable} asked for ${part} of ${whole}, which is no result: ${JSON.stringify(found)}`);
  }
}
