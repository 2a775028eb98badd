import { z } from 'zod';

/** Of a dashboard's own JSON, as CloudWatch has it: what Faultline's dashboards use of it. */

const optionsSchema = z.looseObject({ expression: z.string().optional(), label: z.string().optional() });
const metricSchema = z.array(z.union([z.string(), optionsSchema]));

const widgetSchema = z.object({
  type: z.string(),
  width: z.number().default(6),
  height: z.number().default(6),
  properties: z.looseObject({
    title: z.string().optional(),
    markdown: z.string().optional(),
    endpoint: z.string().optional(),
    metrics: z.array(metricSchema).default([]),
    yAxis: z
      .object({ left: z.object({ min: z.number().optional(), max: z.number().optional() }).optional() })
      .optional(),
    annotations: z
      .object({ horizontal: z.array(z.object({ value: z.number(), label: z.string().optional() })).default([]) })
      .optional(),
  }),
});
export type Widget = z.infer<typeof widgetSchema>;

const bodySchema = z.object({ start: z.string().optional(), widgets: z.array(widgetSchema) });
export type DashboardBody = z.infer<typeof bodySchema>;

/** @throws SyntaxError or ZodError */
export const readDashboard = (body: string): DashboardBody => bodySchema.parse(JSON.parse(body));

const unitSeconds: Record<string, number> = { M: 60, H: 3600, D: 86_400 };

/** "-PT15M" and "-P30D": how far back a dashboard looks at first; three hours where it does not say. */
export function shownSeconds(start: string | undefined): number {
  const [, amount, unit] = /^-PT?(\d+)([MHD])$/.exec(start ?? '') ?? [];
  return amount && unit ? Number(amount) * unitSeconds[unit]! : 3 * 3600;
}

/** What a widget's expression looks for: the only kind of expression that is read here. */
export interface Search {
  namespace: string;
  dimensions: string[];
  metric: string;
  statistic: string;
  period: number;
  label: string;
}

const searchForm = /^SEARCH\('\{([\w/]+),([\w,]+)\} MetricName="(\w+)"', '(\w+)', (\d+)\)$/;

/** @throws RangeError for an expression of another kind */
export function searchesOf(widget: Widget): Search[] {
  return widget.properties.metrics.map((metric) => {
    const options = metric.find((part) => typeof part !== 'string');
    const [, namespace, dimensions, name, statistic, period] = searchForm.exec(options?.expression ?? '') ?? [];
    if (!namespace || !dimensions || !name || !statistic) {
      throw new RangeError(`this page cannot evaluate ${JSON.stringify(metric)}`);
    }
    return {
      namespace,
      dimensions: dimensions.split(','),
      metric: name,
      statistic,
      period: Number(period),
      label: options?.label ?? name,
    };
  });
}

/** A metric as it was published, by its dimensions. */
export interface FoundMetric {
  dimensions: Record<string, string>;
}

/** A search finds the metrics with exactly its dimensions. */
export function matches({ dimensions }: Search, found: FoundMetric): boolean {
  const own = Object.keys(found.dimensions);
  return own.length === dimensions.length && dimensions.every((d) => own.includes(d));
}

/** "${PROP('Dim.Target')}" is the metric's target. */
export const labelOf = ({ label }: Search, { dimensions }: FoundMetric): string =>
  label.replace(/\$\{PROP\('Dim\.(\w+)'\)\}/g, (_, name: string) => dimensions[name] ?? '').trim();

const mostPoints = 400;

/** A period that has no more points than a picture can show: a multiple of the metric's own. */
export function shownPeriod(period: number, seconds: number): number {
  const least = seconds / mostPoints;
  const times = Math.max(1, Math.ceil(least / period));
  const wanted = period * times;
  // CloudWatch has periods of 1, 5, 10 and 30 seconds and whole minutes.
  return [1, 5, 10, 30].find((p) => p >= wanted && p % period === 0) ?? Math.ceil(wanted / 60) * 60;
}

/** Values at their places in time, null between them. */
export function aligned(
  points: readonly { at: number; value: number }[],
  axis: { start: number; step: number; points: number },
): (number | null)[] {
  const values: (number | null)[] = Array.from({ length: axis.points }, () => null);
  for (const { at, value } of points) {
    const i = Math.floor((at - axis.start) / axis.step);
    if (i >= 0 && i < values.length) values[i] = value;
  }
  return values;
}
