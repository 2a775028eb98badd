import type { Observation } from '../../report/report.schema.ts';
import { type ColumnFacts, type Facts, missing } from '../facts.ts';

export interface Observed {
  observed: Observation;
  /** One sentence with figures and times. */
  evidence: string;
}

/** Decides one behaviour from the evidence. Every check must be able to come out as 'no'. */
export type Behaviour = (facts: Facts) => Observed;

export const yes = (evidence: string): Observed => ({ observed: 'yes', evidence });
export const no = (evidence: string): Observed => ({ observed: 'no', evidence });
export const partly = (evidence: string): Observed => ({ observed: 'partly', evidence });
export const notApplicable = (evidence: string): Observed => ({ observed: 'not-applicable', evidence });
export const unknown = (evidence: string): Observed => ({ observed: 'unknown', evidence });

/** A check that needs the columns before and during the fault; without them it is unknown, and says why. */
export const comparing =
  (check: (before: ColumnFacts, during: ColumnFacts, facts: Facts) => Observed): Behaviour =>
  (facts) => {
    if (!facts.before) return unknown(missing(facts, 'before'));
    if (!facts.during) return unknown(missing(facts, 'during'));
    return check(facts.before, facts.during, facts);
  };
