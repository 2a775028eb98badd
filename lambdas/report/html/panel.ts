import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { type Html, html } from './safe-html.ts';

/** One picture over the time of a run, as SVG that the page's style colours. Pure. */

export interface Span {
  start: number;
  end: number;
}

/** What all pictures of a run share. Times are epoch seconds. */
export interface TimeAxis {
  start: number;
  step: number;
  points: number;
  phases: readonly { id: string; name: string; span: Span }[];
  marks: readonly { at: number; id: string; text: string }[];
  /** Of a tick, by epoch seconds; else the time since the start. */
  label?(at: number): string;
}

export interface Series {
  name: string;
  values: readonly (number | null)[];
}

export interface LinePanel {
  id: string;
  /** What a reader who does not see it is told. */
  description: string;
  series: readonly Series[];
  scale: 'linear' | 'log';
  /** The least that the axis reaches up to. */
  reach: number;
  limit: number | null;
  format(value: number): string;
}

const size = { width: 400, height: 184 };
const plot = { left: 48, right: 392, top: 34, bottom: 162 };

const fixed = (n: number) => Number(n.toFixed(1));

const timeScale = ({ start, step, points }: TimeAxis) =>
  scaleLinear([start, start + Math.max(1, points * step)], [plot.left, plot.right]);

export function linePanel(panel: LinePanel, axis: TimeAxis): Html {
  const x = timeScale(axis);
  const y = valueScale(panel);
  const at = (i: number) => fixed(x(axis.start + (i + 0.5) * axis.step));
  const path = line<number | null>()
    .defined((v) => v !== null)
    .x((_, i) => at(i))
    .y((v) => fixed(y(v!)));
  const { limit } = panel;
  const lines = panel.series.map(
    ({ name, values }, i) =>
      html`<path class="series s${i + 1}" data-series="${name}" d="${path([...values]) ?? ''}"/>`,
  );
  const limitLine =
    limit === null || !Number.isFinite(y(limit))
      ? null
      : html`<path class="limit" d="M${plot.left},${fixed(y(limit))}H${plot.right}"/>`;
  const ticks = y.ticks().map((value) => {
    const at = fixed(y(value));
    return html`<path class="grid" d="M${plot.left},${at}H${plot.right}"/><text class="y" x="${plot.left - 4}" y="${at + 4}">${panel.format(value)}</text>`;
  });
  return chart(panel, axis, html`${ticks}${limitLine}${lines}`);
}

function valueScale({ scale, series, reach, limit }: LinePanel) {
  const values = [...series.flatMap((s) => s.values.flatMap((v) => v ?? [])), ...(limit === null ? [] : [limit])];
  const range = [plot.bottom, plot.top];
  const most = Math.max(reach, ...values);
  if (scale === 'linear') {
    const linear = scaleLinear([0, most], range).nice(4);
    return Object.assign((v: number) => linear(v), { ticks: () => linear.ticks(4) });
  }
  const positive = values.filter((v) => v > 0);
  const power = (v: number, round: (n: number) => number) => 10 ** round(Math.log10(v));
  const low = power(Math.min(1, ...positive), Math.floor);
  const log = scaleLog([low, power(Math.max(most, low * 10), Math.ceil)], range);
  const powers = log.ticks().filter((v) => Number.isInteger(Math.round(Math.log10(v) * 1e6) / 1e6));
  return Object.assign((v: number) => log(Math.max(v, low)), { ticks: () => powers });
}

export interface Lane {
  id: string;
  name: string;
  is(value: number): boolean;
}

export interface LanePanel {
  id: string;
  description: string;
  values: readonly (number | null)[];
  lanes: readonly Lane[];
}

/** Which of a few states something was in: each has a lane of its own, so that no colour has to be told apart. */
export function lanePanel(panel: LanePanel, axis: TimeAxis): Html {
  const x = timeScale(axis);
  const height = (plot.bottom - plot.top) / panel.lanes.length;
  const lanes = panel.lanes.map(({ id, name, is }, i) => {
    const middle = plot.top + (i + 0.5) * height;
    const bars = stretches(panel.values.map((v) => v !== null && is(v))).map(([from, to]) => {
      const left = fixed(x(axis.start + from * axis.step));
      const width = fixed(Math.max(1, x(axis.start + to * axis.step) - left));
      return html`<rect class="health ${id}" x="${left}" y="${fixed(middle - 9)}" width="${width}" height="18"/>`;
    });
    return html`<path class="grid" d="M${plot.left},${fixed(middle)}H${plot.right}"/><text class="y" x="${plot.left - 4}" y="${fixed(middle + 4)}">${name}</text>${bars}`;
  });
  return chart(panel, axis, html`${lanes}`);
}

/** Where it is true: pairs [from, to). */
function stretches(flags: readonly boolean[]): [number, number][] {
  const all: [number, number][] = [];
  flags.forEach((flag, i) => {
    if (!flag) return;
    const last = all.at(-1);
    if (last?.[1] === i) last[1] = i + 1;
    else all.push([i, i + 1]);
  });
  return all;
}

function chart({ id, description }: { id: string; description: string }, axis: TimeAxis, content: Html): Html {
  return html`<svg class="chart" data-panel="${id}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${description}">
${phaseBands(axis)}${content}
<path class="axis" d="M${plot.left},${plot.bottom}H${plot.right}"/>${timeTicks(axis)}
${markLines(axis)}</svg>
`;
}

function phaseBands(axis: TimeAxis): Html[] {
  const x = timeScale(axis);
  const [first, last] = x.domain() as [number, number];
  const within = (t: number) => x(Math.min(last, Math.max(first, t)));
  return axis.phases.map(({ id, name, span }) => {
    const [left, right] = [within(span.start), within(span.end)];
    const label =
      right - left > 7 * name.length
        ? html`<text class="name" x="${fixed((left + right) / 2)}" y="${plot.bottom - 5}">${name}</text>`
        : null;
    return html`<rect class="phase ${id}" data-phase="${id}" x="${fixed(left)}" y="${plot.top}" width="${fixed(Math.max(0, right - left))}" height="${plot.bottom - plot.top}"/>${label}`;
  });
}

const strides = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

function timeTicks(axis: TimeAxis): Html[] {
  const x = timeScale(axis);
  const seconds = axis.points * axis.step;
  const stride = strides.find((s) => seconds / s <= 6) ?? Math.ceil(seconds / 6);
  return Array.from({ length: Math.floor(seconds / stride) + 1 }, (_, i) => {
    const at = fixed(x(axis.start + i * stride));
    return html`<path class="axis" d="M${at},${plot.bottom}v4"/><text class="x" x="${at}" y="${plot.bottom + 16}">${axis.label?.(axis.start + i * stride) ?? sinceStart(i * stride)}</text>`;
  });
}

/** "1:05" */
export const sinceStart = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** Each mark has the number that it has in the list of them; those that are close together stand side by side. */
function markLines(axis: TimeAxis): Html[] {
  const x = timeScale(axis);
  const places = axis.marks.map(({ at }) => x(at));
  return sideBySide(places).map((centre, i) => {
    const { id, at } = axis.marks[i]!;
    const place = fixed(places[i]!);
    return html`<g class="mark" data-mark="${id}" data-at="${at}"><polyline points="${fixed(centre)},18 ${place},${plot.top}"/><line x1="${place}" x2="${place}" y1="${plot.top}" y2="${plot.bottom}"/><circle cx="${fixed(centre)}" cy="10" r="8"/><text x="${fixed(centre)}" y="13.5">${i + 1}</text></g>`;
  });
}

const apart = 17;

function sideBySide(places: readonly number[]): number[] {
  const moved: number[] = [];
  for (const place of places) moved.push(Math.max(place, (moved.at(-1) ?? Number.NEGATIVE_INFINITY) + apart));
  for (let i = moved.length - 1, most = size.width - 9; i >= 0; i--, most -= apart)
    moved[i] = Math.min(moved[i]!, most);
  return moved;
}
