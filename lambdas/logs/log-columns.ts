import type { Phases } from '../analysis/phases.ts';

/** What is logged late, or by a clock that is a little off, still belongs to the run. */
const marginSeconds = 5;

export type LogColumnName = 'before' | 'during' | 'after';
export type LogSpans = Record<LogColumnName, { from: number; to: number } | null>;

/**
 * The times of a run by columns, without a gap between them: from the baseline to the injection, to the moment when the
 * fault was gone, to the end. Of a run that broke off, as far as it came.
 */
export function logSpans(
  { baseline, injectAt, fault, recovery, goneAt, revert, loadEnd }: Phases,
  endedAt: number,
): LogSpans {
  const from = baseline && baseline.start - marginSeconds;
  const to = (loadEnd ?? endedAt) + marginSeconds;
  const injected = injectAt ?? fault?.start ?? null;
  const restored = goneAt ?? revert?.latest ?? (recovery && fault?.end) ?? null;
  const span = (start: number | null, end: number | null) =>
    start !== null && end !== null && end > start ? { from: start, to: end } : null;
  return {
    before: span(from, injected ?? to),
    during: span(injected, restored ?? to),
    after: span(restored, to),
  };
}
