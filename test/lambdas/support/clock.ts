import type { Clock } from '../../../lambdas/aws/clock.ts';

export interface FakeClock extends Clock {
  /** Every sleep asked for, in seconds. */
  readonly sleeps: number[];
  set(now: number): void;
}

/** Time that passes only by sleeping, at once; `onTick` sees every new time. */
export function fakeClock(start: number, onTick: (now: number) => void | Promise<void> = () => {}): FakeClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => now,
    set: (to) => {
      now = to;
    },
    async sleep(seconds) {
      sleeps.push(seconds);
      now += Math.max(0, seconds);
      await onTick(now);
    },
  };
}
