import type { Touch } from '../faults/fault.ts';
import type { SafetyLimits } from './safety-limits.ts';

export class BlastRadiusExceeded extends Error {
  constructor(kind: string, count: number, limit: number) {
    super(
      `the fault would hit ${count} ${kind}s at once; the target's configuration allows ${limit} (safety.blastRadius)`,
    );
    this.name = 'BlastRadiusExceeded';
  }
}

/** @throws BlastRadiusExceeded */
export function assertWithinBlastRadius(touches: Touch[], limits: SafetyLimits['blastRadius']): void {
  for (const [kind, limit] of [
    ['service', limits.services],
    ['host', limits.hosts],
  ] as const) {
    const hit = new Set(touches.filter((touch) => touch.kind === kind).map(({ id }) => id)).size;
    if (hit > limit) throw new BlastRadiusExceeded(kind, hit, limit);
  }
}
