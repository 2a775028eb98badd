/** Time as a dependency, so that anything that waits can be tested without waiting. */
export interface Clock {
  /** Epoch seconds with fraction. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds) * 1000)),
};
