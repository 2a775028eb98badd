import { hindrances, takings, wrongRequests } from '../../game-day/refusals.ts';
import { IdempotencyKeyReused, StartPending } from '../../game-day/start-game-day.ts';
import type { ErrorClass } from '../problem.ts';

/** Whatever may keep a game-day from starting. */
export const startProblems: readonly ErrorClass[] = [
  ...wrongRequests,
  ...takings,
  ...hindrances,
  IdempotencyKeyReused,
  StartPending,
];
