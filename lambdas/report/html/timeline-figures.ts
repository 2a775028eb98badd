import { count, durationText, percent, perSecond, plural } from '../../analysis/format.ts';
import { median } from '../../analysis/robust.ts';
import type { Timeline } from '../../analysis/timeline.ts';
import { type LinePanel, lanePanel, linePanel, type Span, sinceStart, type TimeAxis } from './panel.ts';
import { type Html, html } from './safe-html.ts';

const phaseNames = { baseline: 'before', fault: 'during', recovery: 'recovery', after: 'after' } as const;

/** A run second by second: what users saw, what the health check answered, what its host said; and what happened when. */
export function timelineFigures(timeline: Timeline): Html {
  if (timeline.points === 0) return html`<p>There is no picture of it: no request ended in this run.</p>`;
  const axis: TimeAxis = {
    ...timeline,
    phases: Object.entries(phaseNames).flatMap(([id, name]) => {
      const span = timeline.phases[id as keyof typeof phaseNames];
      return span ? [{ id, name, span }] : [];
    }),
    marks: timeline.marks.filter(({ at }) => at >= timeline.start && at <= endOf(timeline)),
  };
  const { limits } = timeline;
  const share = (v: number) => percent(v).replace('.0 %', ' %');
  const hosts = timeline.hostCpu.some((v) => v !== null);
  const each = timeline.step === 1 ? 'each second' : `each ${timeline.step} s`;
  return html`<div class="panels">
${lines(timeline, axis, { id: 'throughput', title: 'Requests a second', scale: 'linear', reach: 1, limit: limits?.throughput ?? null, format: (v) => count(v), value: perSecond, series: [{ name: 'requests', values: timeline.throughput }] })}
${lines(timeline, axis, { id: 'errors', title: 'Failed requests', scale: 'linear', reach: 0.01, limit: limits?.errorRate ?? null, format: share, value: percent, series: [{ name: 'failed', values: timeline.errorRate }] })}
${lines(timeline, axis, {
  id: 'latency',
  title: 'Response time (logarithmic)',
  scale: 'log',
  reach: 100,
  limit: limits?.p95Ms ?? null,
  format: (v) => (v < 1 ? `${v} ms` : v < 1000 ? `${count(v)} ms` : `${count(v / 1000)} s`),
  value: durationText,
  series: [
    { name: 'p50', values: timeline.p50Ms },
    { name: 'p95', values: timeline.p95Ms },
    { name: 'p99', values: timeline.p99Ms },
  ],
})}
${healthFigure(timeline, axis)}
${
  hosts
    ? lines(timeline, axis, {
        id: 'host',
        title: 'Host under most pressure',
        scale: 'linear',
        reach: 1,
        limit: null,
        format: share,
        value: percent,
        series: [
          { name: 'CPU busy', values: timeline.hostCpu },
          { name: 'memory used', values: timeline.hostMemory },
        ],
      })
    : html`<p class="soft small">Of a host there is nothing to show: the target has none that is managed, or it said nothing.</p>`
}
</div>
<p class="soft small">One point ${each}; times since the load began. A long dashed line is the limit of the steady state (of the response times: of p95). Percentiles are of the requests that ended in the point, however few; where none ended there is no line.</p>
<h4>What happened</h4>
${markList(timeline, axis)}`;
}

const endOf = ({ start, step, points }: Timeline) => start + step * points;

interface Figure extends Omit<LinePanel, 'description'> {
  title: string;
  /** A value in a sentence. */
  value(v: number): string;
}

function lines(timeline: Timeline, axis: TimeAxis, figure: Figure): Html {
  const description = `${figure.title}. ${figure.series.map((s) => told(s.name, s.values, timeline, figure.value)).join(' ')}`;
  const keys = figure.series.map(
    ({ name }, i) =>
      html`<span class="key"><svg viewBox="0 0 28 10" aria-hidden="true"><path class="series s${i + 1}" d="M2,5H26"/></svg> ${name}</span>`,
  );
  return html`<figure><figcaption><b>${figure.title}</b>${figure.series.length > 1 ? keys : null}</figcaption>
${linePanel({ ...figure, description }, axis)}</figure>`;
}

/** "p50: median 4.0 ms before, 900 ms during, 4.1 ms after; most 1.2 s." */
function told(
  name: string,
  values: readonly (number | null)[],
  timeline: Timeline,
  value: (v: number) => string,
): string {
  const parts = Object.entries(phaseNames).flatMap(([id, phase]) => {
    const span = timeline.phases[id as keyof typeof phaseNames];
    const middle = span && median(within(values, timeline, span));
    return middle === null ? [] : [`${value(middle)} ${phase}`];
  });
  const known = values.flatMap((v) => v ?? []);
  if (known.length === 0) return `${name}: no values.`;
  const ends = `from ${value(Math.min(...known))} to ${value(Math.max(...known))}`;
  return parts.length > 0 ? `${name}: median ${parts.join(', ')}; ${ends}.` : `${name}: ${ends}.`;
}

const within = (values: readonly (number | null)[], { start, step }: Timeline, span: Span): number[] =>
  values.flatMap((v, i) => (start + i * step >= span.start && start + i * step < span.end ? (v ?? []) : []));

const lanes = [
  { id: 'ok', name: '200', is: (v: number) => v === 200 },
  { id: 'other', name: 'other', is: (v: number) => v !== 200 && v !== 0 },
  { id: 'none', name: 'none', is: (v: number) => v === 0 },
];

function healthFigure({ health, step }: Timeline, axis: TimeAxis): Html {
  const known = health.flatMap((v) => v ?? []);
  const parts = lanes.flatMap(({ is, id }) => {
    const own = known.filter(is);
    const statuses = id === 'none' ? 'no answer' : [...new Set(own)].sort().join(', ');
    return own.length > 0 ? [`${statuses} in ${plural(own.length * step, 'second')}`] : [];
  });
  const description = `Answers of the health check: ${parts.length > 0 ? parts.join('; ') : 'nobody asked'}.`;
  return html`<figure><figcaption><b>Health check: its answer</b> <span class="soft">${parts.join('; ')}</span></figcaption>
${lanePanel({ id: 'health', description, values: health, lanes }, axis)}</figure>`;
}

function markList({ start }: Timeline, { marks }: Pick<TimeAxis, 'marks'>): Html {
  if (marks.length === 0) return html`<p>No fault was injected, and nothing was noticed.</p>`;
  return html`<ol class="marks">${marks.map(({ at, id, text }) => html`<li data-mark="${id}"><time>${sinceStart(at - start)}.${Math.floor(((at - start) % 1) * 10)}</time> ${text}</li>`)}</ol>`;
}
