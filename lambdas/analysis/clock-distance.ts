import type { GeneratorReport } from '../evidence/window.ts';

type Worker = GeneratorReport['workers'][number];

/**
 * The most that a worker's clock can be from the master's: windows and ledger are dated by the workers' clocks. Seconds; 0
 * where no clock was measured.
 */
export const mostClockDistance = (generator: GeneratorReport | null): number =>
  Math.max(0, ...(generator?.workers ?? []).map(({ clock }) => (clock ? distance(clock) + clock.uncertaintyMs : 0))) /
  1000;

/** The least that it is from the master's for certain, in milliseconds; null where it was not measured. */
export const leastClockDistanceMs = ({ clock }: Worker): number | null =>
  clock && Math.max(0, distance(clock) - clock.uncertaintyMs);

const distance = ({ offsetMs }: NonNullable<Worker['clock']>) => Math.abs(offsetMs);
