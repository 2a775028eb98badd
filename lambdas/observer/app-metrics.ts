import { type AppMetric, appMetrics, type Sample } from '../evidence/sample.ts';

/** A sample: name, labels in braces (whose quoted values may hold anything), value. */
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)/;

/**
 * Reads the signals that the target's configuration names out of a Prometheus text exposition
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). A series with labels is summed over them.
 * A signal that is not configured, not exposed or no finite number is null: not measured.
 */
export function readAppMetrics(
  text: string,
  series: Record<string, string>,
): Exclude<Sample['app'], { error: string }> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, text] = sampleLine.exec(line) ?? [];
    const value = Number(text);
    if (name && Number.isFinite(value)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const signal = (s: AppMetric) => {
    const sum = sums.get(series[s] ?? '') ?? null;
    return Number.isFinite(sum) ? sum : null;
  };
  return Object.fromEntries(appMetrics.map((s) => [s, signal(s)])) as Exclude<Sample['app'], { error: string }>;
}
