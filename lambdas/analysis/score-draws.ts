import type { BehaviourResult, Rto } from '../report/report.schema.ts';
import { behaviourResult } from './behaviours/registry.ts';
import { leastSeconds, resampled, seededRandom } from './bootstrap.ts';
import type { ColumnFacts, Facts } from './facts.ts';
import { loadOf } from './load.ts';
import { isScored, type ScoreDraws, scoreInput } from './score.ts';

const timesDrawn = 100;
/** A column of so many seconds costs so much, and differs so little from draw to draw, that fewer do. */
const long = { seconds: 600, timesDrawn: 40 };

/**
 * What the score is computed from, as it might as well have been: the windows before and during the fault drawn anew, every
 * behaviour judged anew by them, and the recovery anywhere within its interval. What the observer and the hosts sampled,
 * the ledger and the order of events stay as they were. Seeded by the run id. Null where a column has under 10 s.
 */
export function scoreDraws(facts: Facts, observed: readonly BehaviourResult[], rto: Rto | null): ScoreDraws | null {
  const { before, during, evidence } = facts;
  const isLong = (column: ColumnFacts | null): column is ColumnFacts =>
    column !== null && column.load.windows.length >= leastSeconds;
  if (!isLong(before) || !isLong(during)) return null;
  const random = seededRandom(`${evidence.run.runId}/score`);
  const scored = observed.filter((b) => isScored(b.id));
  const seconds = Math.min(before.load.windows.length, during.load.windows.length);
  const isLongRun = before.load.windows.length + during.load.windows.length > long.seconds;
  const inputs = Array.from({ length: isLongRun ? long.timesDrawn : timesDrawn }, () => {
    const drawn = { ...facts, before: redrawn(before, random), during: redrawn(during, random) };
    const judged = scored.map(({ id, label, expected, required }) =>
      behaviourResult({ id, label, expected, required }, drawn),
    );
    return scoreInput(drawn, judged, anywhereWithin(rto, random()));
  });
  return { inputs, seconds };
}

/** The drawn seconds follow each other as those that they stand for did. */
function redrawn(column: ColumnFacts, random: () => number): ColumnFacts {
  const { windows, seconds } = column.load;
  const first = windows[0]!.t;
  const drawn = resampled(windows.length, random).map((s, i) => ({ ...windows[s]!, t: first + i }));
  return { ...column, load: loadOf(drawn, seconds) };
}

const anywhereWithin = (rto: Rto | null, share: number): Rto | null =>
  rto && rto.high !== null ? { ...rto, seconds: rto.low + share * (rto.high - rto.low) } : rto;
