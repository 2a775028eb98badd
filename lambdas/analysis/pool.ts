import type { Sample } from '../evidence/sample.ts';
import { type Level, levelOf } from './hosts.ts';
import { gauge } from './samples.ts';

const most = (values: readonly number[]): number | null => (values.length ? Math.max(...values) : null);

/** The queue in front of the pool; where there is no such gauge, the requests that wait for a connection. */
export function queued(samples: readonly Sample[]): number[] {
  const lengths = gauge(samples, 'queueLength');
  return lengths.length ? lengths : gauge(samples, 'poolWaiting');
}

export const longestQueue = (samples: readonly Sample[]): number | null => most(queued(samples));

export const queueLimit = (samples: readonly Sample[]): number | null => most(gauge(samples, 'queueLimit'));

export const poolSize = (samples: readonly Sample[]): number | null => most(gauge(samples, 'poolSize'));

/** Connections of the pool that ran a statement. */
export const poolInUse = (samples: readonly Sample[]): Level | null => levelOf(gauge(samples, 'poolInUse'));

/** The state at the end of a column: one sample alone may catch a busy moment. */
export const lastOf = (samples: readonly Sample[]): Sample[] => samples.slice(-3);
