import { type AppMetric, type Sample, sampleSchema } from '../evidence/sample.ts';

const signals = Object.keys(
  (sampleSchema.shape.app.options[0] as unknown as { shape: Record<AppMetric, unknown> }).shape,
) as AppMetric[];

/**
 * Reads the signals that the target's configuration names out of a Prometheus text exposition
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). A series with labels is summed over them.
 * A signal that is not configured, or not exposed, is null: not measured.
 */
export function readAppMetrics(
  text: string,
  series: Record<string, string>,
): Exclude<Sample['app'], { error: string }> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[^}]*\})?\s+(\S+)/.exec(line);
    if (!match?.[1] || !match[2]) continue;
    const value = Number(match[2]);
    if (!Number.isNaN(value)) sums.set(match[1], (sums.get(match[1]) ?? 0) + value);
  }
  return Object.fromEntries(signals.map((s) => [s, sums.get(series[s] ?? '') ?? null])) as Exclude<
    Sample['app'],
    { error: string }
  >;
}
