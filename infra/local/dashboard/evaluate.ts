import type { Dashboards } from './cloudwatch.client.ts';
import type { ShownDashboard, ShownWidget } from './shown.ts';
import {
  aligned,
  labelOf,
  matches,
  readDashboard,
  searchesOf,
  shownPeriod,
  shownSeconds,
  type Widget,
} from './widgets.ts';

type Source = Pick<Dashboards, 'body' | 'metrics' | 'values' | 'custom'>;

/** A deployed dashboard with what it shows now. A widget that cannot be shown says why in its place. */
export async function evaluate(name: string, source: Source, now: number): Promise<ShownDashboard> {
  const { start, widgets } = readDashboard(await source.body(name));
  const seconds = shownSeconds(start);
  const shown = widgets.map((widget) =>
    show(widget, source, { from: now - seconds, to: now }).catch((error: Error): ShownWidget => {
      return { kind: 'problem', width: widget.width, title: widget.properties.title ?? '', text: error.message };
    }),
  );
  return { name, seconds, widgets: await Promise.all(shown) };
}

async function show(widget: Widget, source: Source, range: { from: number; to: number }): Promise<ShownWidget> {
  const { width, properties, type } = widget;
  const frame = { width, title: properties.title ?? '' };
  if (type === 'text') return { ...frame, kind: 'text', markdown: properties.markdown ?? '' };
  if (type === 'custom') return { ...frame, kind: 'html', html: await source.custom(properties.endpoint ?? '') };
  return { ...frame, kind: 'lines', ...(await lines(widget, source, range)) };
}

async function lines(widget: Widget, source: Source, { from, to }: { from: number; to: number }) {
  const searches = searchesOf(widget);
  const period = shownPeriod(Math.max(...searches.map((s) => s.period)), to - from);
  const found = await Promise.all(
    searches.map(async (search) => {
      const metrics = await source.metrics(search.namespace, search.metric);
      return metrics.filter((metric) => matches(search, metric)).map((metric) => ({ search, metric, period }));
    }),
  );
  const asked = found.flat();
  const start = Math.floor(from / period) * period;
  const axis = { start, step: period, points: Math.ceil((to - start) / period) };
  const values = await source.values(asked, start, to);
  const { yAxis, annotations } = widget.properties;
  return {
    axis,
    series: asked.map(({ search, metric }, i) => ({
      name: labelOf(search, metric),
      values: aligned(values[i]!, axis),
    })),
    most: yAxis?.left?.max ?? 1,
    limit: annotations?.horizontal[0]?.value ?? null,
  };
}
