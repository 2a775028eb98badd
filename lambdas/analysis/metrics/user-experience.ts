import { apdexOf, apdexRule, rank } from '../apdex.ts';
import { percent, plural } from '../format.ts';
import { absent, type Metric, noValue, textCell, valueCell } from './metric.ts';

/** A rating that changes because the score moved by less than this is no change. */
const notable = 0.05;

/** The Apdex of all requests that ended, with its rating and the shares behind it. */
export const userExperienceMetric: Metric = {
  unit: 'Apdex',
  better: 'higher',
  negligible: () => notable,
  cell(facts, column) {
    const load = facts[column]?.load;
    if (!load) return absent(facts, column);
    const apdex = apdexOf(load.windows);
    if (!apdex) return textCell(`Unacceptable (no request ended in ${plural(load.seconds, 'second')})`);
    const { rating, score, satisfied, tolerating, frustrated, requests } = apdex;
    const [t, f] = [apdexRule.satisfiedMs / 1000, apdexRule.toleratedMs / 1000];
    const figures =
      `${rating} (Apdex ${score.toFixed(2)} with T = ${t} s: ${percent(satisfied)} satisfied ≤ ${t} s, ` +
      `${percent(tolerating)} tolerating ≤ ${f} s, ${percent(Math.max(0, frustrated))} frustrated` +
      `${requests < apdexRule.smallGroup ? `; small group of ${requests}` : ''})`;
    return valueCell(score, figures, requests);
  },
  judge(facts, cells) {
    const of = (column: 'before' | 'during' | 'after') => {
      const load = facts[column]?.load;
      if (!load) return null;
      return apdexOf(load.windows) ?? { score: 0, rating: 'Unacceptable' as const };
    };
    const [before, during, after] = [of('before'), of('during'), of('after')];
    if (!before || !during || !after) return noValue(cells);
    const worse = (now: typeof before) => rank(now.rating) > rank(before.rating) && before.score - now.score >= notable;
    if (worse(after)) return { status: 'missed', rule: `rated lower than ${before.rating} after the recovery` };
    if (worse(during)) return { status: 'degraded', rule: `rated lower than ${before.rating} during the fault only` };
    return { status: 'ok', rule: `rated no lower than ${before.rating} throughout` };
  },
};
