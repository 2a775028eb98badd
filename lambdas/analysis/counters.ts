/** One reading of a counter; null where it could not be read. */
export interface Reading {
  at: number;
  value: number | null;
}

export interface Increase {
  total: number;
  /** Between the first and the last reading. */
  seconds: number;
}

/**
 * How much a counter rose between its first and its last reading. A reading below the one before it means that the
 * process started anew: what it shows then is what it counted since. (Prometheus' `increase`, without extrapolation.)
 * Null with fewer than two readings.
 */
export function increase(readings: readonly Reading[]): Increase | null {
  const known = readings.filter((r): r is { at: number; value: number } => r.value !== null);
  const first = known[0];
  const last = known.at(-1);
  if (!first || !last || known.length < 2) return null;
  let total = 0;
  for (let i = 1; i < known.length; i++) {
    const step = known[i]!.value - known[i - 1]!.value;
    total += step >= 0 ? step : known[i]!.value;
  }
  return { total, seconds: last.at - first.at };
}
