import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import { scenarioIds } from '../scenarios/scenario.ts';
import type { Facts } from './facts.ts';
import { merged, quantileMs } from './histogram.ts';
import { byHost, cpuBusy, memoryUsed } from './hosts.ts';
import type { LoadSecond } from './load.ts';
import type { Span } from './phases.ts';
import { healthOf, probedAt } from './samples.ts';
import { timelineMarks } from './timeline-marks.ts';

/** A longer run has several seconds in a point, so that a picture of it stays small. */
const mostPoints = 600;

const values = z.array(z.number().nullable());
const spanSchema = z.strictObject({ start: z.number(), end: z.number() }).nullable();

/** A run second by second, as its pictures show it: `timeline.json`. All series have a value, or null, for each point. */
export const timelineSchema = z.strictObject({
  runId: runIdSchema,
  scenario: z.enum(scenarioIds),
  /** Epoch seconds of the first point; each covers `step` whole seconds. */
  start: z.int(),
  step: z.int().positive(),
  points: z.int().nonnegative(),
  /** Requests that ended, a second. */
  throughput: values,
  /** Failed ones as a share of all, 0..1; null where none ended. */
  errorRate: values,
  /** Of all requests that ended in the point, whatever their number; null where none ended. */
  p50Ms: values,
  p95Ms: values,
  p99Ms: values,
  /** The worst that the health check answered: its status, 0 for no answer, null where nobody asked. */
  health: values,
  /** Shares 0..1 of the host under most pressure; null where there is none, or it said nothing. */
  hostCpu: values,
  hostMemory: values,
  /** The harmful limit of each metric's steady state, where there is one. */
  limits: z
    .strictObject({ throughput: z.number(), errorRate: z.number(), p50Ms: z.number(), p95Ms: z.number() })
    .nullable(),
  phases: z.strictObject({ baseline: spanSchema, fault: spanSchema, recovery: spanSchema, after: spanSchema }),
  /** What happened, in the order of time; epoch seconds. */
  marks: z.array(z.strictObject({ at: z.number(), id: z.string().min(1), text: z.string().min(1) })),
});
export type Timeline = z.infer<typeof timelineSchema>;

export const seriesNames = [
  'throughput',
  'errorRate',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'health',
  'hostCpu',
  'hostMemory',
] as const;

export function timelineOf(facts: Facts): Timeline {
  const { evidence, phases, band, seconds } = facts;
  const start = seconds[0]?.t ?? Math.floor(evidence.run.createdAt);
  const step = Math.max(1, Math.ceil(seconds.length / mostPoints));
  const points = Math.ceil(seconds.length / step);
  const each = (value: (span: Span, part: LoadSecond[]) => number | null) =>
    Array.from({ length: points }, (_, i) => {
      const from = start + i * step;
      return rounded(value({ start: from, end: from + step }, seconds.slice(i * step, (i + 1) * step)));
    });
  const quantile = (q: number) =>
    each((_, part) => quantileMs(part.length === 1 ? part[0]!.all : merged(part.map((s) => s.all)), q));
  return {
    runId: evidence.run.runId,
    scenario: evidence.scenario.id,
    start,
    step,
    points,
    throughput: each((_, part) => total(part, 'requests') / part.length),
    errorRate: each((_, part) => {
      const requests = total(part, 'requests');
      return requests === 0 ? null : total(part, 'failures') / requests;
    }),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    health: each((span) => worstHealth(facts, span)),
    hostCpu: each((span) => worstHost(facts, span, (own) => cpuBusy(own)?.mean ?? null)),
    hostMemory: each((span) => worstHost(facts, span, (own) => memoryUsed(own)?.mean ?? null)),
    limits: band && {
      throughput: band.throughput.limit,
      errorRate: band.errorRate.limit,
      p50Ms: band.p50Ms.limit,
      p95Ms: band.p95Ms.limit,
    },
    phases: { baseline: phases.baseline, fault: phases.fault, recovery: phases.recovery, after: phases.after },
    marks: timelineMarks(facts),
  };
}

const total = (part: readonly LoadSecond[], of: 'requests' | 'failures') => part.reduce((n, s) => n + s[of], 0);

/** Four digits are more than a picture can show. */
const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));

function worstHealth({ samples }: Facts, { start, end }: Span): number | null {
  const seen = samples.filter((s) => probedAt(s) >= start && probedAt(s) < end).map((s) => healthOf(s).status ?? 0);
  if (seen.length === 0) return null;
  return seen.includes(0) ? 0 : (seen.find((status) => status !== 200) ?? 200);
}

function worstHost({ hosts }: Facts, { start, end }: Span, of: (own: Facts['hosts']) => number | null): number | null {
  const seen = hosts.filter((h) => h.at >= start && h.at < end);
  const levels = byHost(seen).flatMap((own) => of(own) ?? []);
  return levels.length > 0 ? Math.max(...levels) : null;
}
