import { type DataClass, dataClasses, type LedgerEntry } from '../evidence/ledger.ts';
import type { Rpo } from '../report/report.schema.ts';
import type { DataLoss } from './data-loss.ts';
import type { Facts } from './facts.ts';
import { count, secondsText } from './format.ts';
import type { Phases } from './phases.ts';

/** The RPO of each class of data. */
export const rpoOf = (facts: Facts): Rpo[] =>
  dataClasses.map((c) => rpoOfClass(c, facts.losses[c], facts.evidence.target.rpoSeconds[c], facts.phases));

function rpoOfClass(dataClass: DataClass, loss: DataLoss, targetSeconds: number, phases: Phases): Rpo {
  const measured = loss.notMeasured === null;
  const censored = measured && oldestIsLost(loss);
  const seconds = measured ? oldest(loss.lost, phases) : null;
  const high = measured ? oldest([...loss.lost, ...loss.unreadable], phases) : null;
  return {
    class: dataClass,
    ackedWrites: loss.acked.length,
    found: loss.found.length,
    lost: loss.lost.length,
    unknown: loss.unreadable.length + loss.unacknowledged.length,
    unreadable: loss.unreadable.length,
    unacknowledged: loss.unacknowledged.length,
    seconds,
    high: censored ? null : high,
    censored,
    targetSeconds,
    met: seconds === null ? null : seconds > targetSeconds ? false : !censored && high! <= targetSeconds ? true : null,
    text: rpoText(loss, seconds, high, censored),
  };
}

/**
 * Where the very oldest acknowledged write is among the lost, older ones might have been lost too, had there been any:
 * the figure is then only what the loss amounts to at least.
 */
function oldestIsLost({ acked, lost }: DataLoss): boolean {
  const first = (writes: readonly LedgerEntry[]) =>
    writes.reduce((earliest, w) => Math.min(earliest, w.ack ?? w.intent), Number.POSITIVE_INFINITY);
  return lost.length > 0 && first(lost) <= first(acked);
}

/** The greatest age of a lost write; 0 when there is none. */
const oldest = (writes: readonly LedgerEntry[], phases: Phases): number =>
  writes.reduce((age, w) => Math.max(age, ageWhenLost(w, phases)), 0);

/**
 * How old an acknowledged write was when it was lost: at the fault, or, where it was acknowledged during the fault or
 * after it, at the next thing that could have lost it (the revert, the end of the recovery, the end of the load).
 */
function ageWhenLost(write: LedgerEntry, phases: Phases): number {
  const ack = write.ack ?? write.intent;
  const moments = [
    phases.landedAt ?? phases.fault?.start,
    phases.revert?.latest,
    phases.recovery?.end,
    phases.after?.end,
  ].flatMap((t) => t ?? []);
  const lostAt = moments.find((t) => t >= ack);
  return lostAt === undefined ? 0 : lostAt - ack;
}

function rpoText(loss: DataLoss, seconds: number | null, high: number | null, censored: boolean): string {
  if (seconds === null) return `not measured: ${loss.notMeasured}`;
  const unreadable = loss.unreadable.length ? `, ${count(loss.unreadable.length)} unreadable` : '';
  const open = loss.unacknowledged.length ? `, ${count(loss.unacknowledged.length)} never acknowledged` : '';
  const figures = `${count(loss.lost.length)} of ${count(loss.acked.length)} acknowledged writes lost${unreadable}${open}`;
  const age = censored
    ? `${secondsText(seconds)} or more, as the oldest write of all is lost`
    : high! > seconds
      ? `${secondsText(seconds)} to ${secondsText(high!)}`
      : secondsText(seconds);
  return `${age} (${figures})`;
}
