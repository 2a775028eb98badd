import { setTimeout } from 'node:timers/promises';

/** Time as a dependency, so that anything that waits can be tested without waiting. */
export interface Clock {
  /** Epoch seconds with fraction. */
  now(): number;
  /** Ends early, and without an error, when `signal` is aborted. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  async sleep(seconds, signal) {
    try {
      await setTimeout(Math.max(0, seconds) * 1000, undefined, { signal });
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  },
};
