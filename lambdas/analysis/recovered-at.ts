import { countUpTo } from './histogram.ts';
import type { LoadSecond } from './load.ts';
import type { Return, SteadyBand } from './steady-state.ts';

/** Seconds before the last that show how much was served all along. */
const outageSeconds = 3;
/** What a second lacks of the usual for the outage to show in it; by less than that nothing is dated. */
const leastLack = 0.2;

/**
 * When, within the last second that was not clean, users were served as before again. It lies between two levels of
 * requests answered well: that of the outage, in which some may have been served all along, and the usual one. As far
 * as the second rose from the one to the other, as much of it came after the recovery. Well is a success no slower than
 * the band's p95, so that errors, slowness and silence count alike. Where too little was lacking, it is the middle.
 *
 * @param since what RTO is counted from
 */
export function recoveredAt(back: Return, seconds: readonly LoadSecond[], band: SteadyBand, since: number): number {
  const well = ({ all, failed }: LoadSecond) => countUpTo(all, band.p95Ms.limit) - countUpTo(failed, band.p95Ms.limit);
  const last = seconds.find((s) => s.t === back.at - 1);
  if (!last) return Math.max(since, back.at);
  const usual = Math.max(band.throughput.median, last.requests);
  const levels = seconds.filter((s) => s.t >= last.t - outageSeconds && s.t < last.t).map(well);
  const down = Math.min(...levels.filter((level) => level <= (1 - leastLack) * usual));
  const share = Number.isFinite(down) ? (well(last) - down) / (usual - down) : 0.5;
  return Math.max(since, back.at - Math.min(1, Math.max(0, share)));
}
