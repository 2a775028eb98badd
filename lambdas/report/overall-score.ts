import type { Report } from './report.schema.ts';

type ScoreRow = Report['summary']['scores'][number];
type Overall = Report['summary']['overall'];

const round = (n: number) => Math.round(n * 10) / 10;
const clamp = (n: number) => Math.min(10, Math.max(0, n));
const sumOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** The mean of the scenarios that have a score; its coverage counts those that have none as not covered. */
export function overallScore(rows: readonly ScoreRow[]): Overall {
  const scored = rows.flatMap((r) => (r.score && r.score.overall !== null ? [r.score] : []));
  const coverage = sumOf(rows.map((r) => r.score?.coverage ?? 0)) / rows.length;
  const mean = sumOf(scored.map((s) => s.overall!)) / scored.length;
  return {
    score: scored.length > 0 ? round(mean) : null,
    interval: intervalOf(scored, mean),
    coverage: Math.round(coverage * 100) / 100,
    basis: `${scored.length} of ${rows.length} scenarios scored`,
    notTested: notTested(rows, coverage),
  };
}

/**
 * Runs are independent of each other, so the distances of their ends from their values add up as squares do. Null where a
 * score has no interval: its doubt would be taken for none.
 */
function intervalOf(scored: readonly NonNullable<ScoreRow['score']>[], mean: number): Overall['interval'] {
  const ends = scored.flatMap(({ overall, overallInterval }) =>
    overallInterval ? [{ below: overall! - overallInterval.low, above: overallInterval.high - overall! }] : [],
  );
  if (ends.length === 0 || ends.length < scored.length) return null;
  const spread = (distances: readonly number[]) => Math.hypot(...distances) / ends.length;
  return {
    low: round(clamp(mean - spread(ends.map((e) => e.below)))),
    high: round(clamp(mean + spread(ends.map((e) => e.above)))),
  };
}

function notTested(rows: readonly ScoreRow[], coverage: number): string | null {
  const gaps = rows.flatMap(({ title, score, reason }) => {
    if (!score) return [`${title} (${reason ?? 'no score'})`];
    return score.coverage < 1 ? [`${Math.round((1 - score.coverage) * 100)} % of ${title}`] : [];
  });
  return gaps.length === 0 ? null : `${Math.round((1 - coverage) * 100)} % was not tested: ${gaps.join(', ')}`;
}
