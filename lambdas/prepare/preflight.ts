import type { FaultIo, Touch } from '../faults/fault.ts';
import { bindFault } from '../faults/registry.ts';
import { expectedSeconds } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { assertWithinBlastRadius } from '../safety/blast-radius.ts';
import { excludedBetween, TimeExcluded } from '../safety/excluded-windows.ts';
import type { Profile, Scenario } from '../scenarios/scenario.ts';

export class AlarmActive extends Error {
  constructor(names: string[]) {
    super(
      `CloudWatch alarm ${names.join(', ')} is in ALARM: no fault is injected into a target that is in trouble already`,
    );
    this.name = 'AlarmActive';
  }
}

export interface Preflight {
  touches: Touch[];
  /** What keeps the run from starting, the most general first; empty: nothing does. */
  refusals: Error[];
}

/** Looks at everything that may keep a run from starting, and changes nothing. */
export async function preflight(
  { scenario, profile, io }: { scenario: Scenario; profile: Profile; io: FaultIo },
  { lever, alarms, clock }: Pick<Services, 'lever' | 'alarms' | 'clock'>,
): Promise<Preflight> {
  const { safety } = io.target;
  const fault = scenario.fault && bindFault(scenario.fault);
  const touches: Touch[] = [];
  const refusals = await failures([
    () => lever.assertReleased(),
    async () => {
      const now = clock.now();
      const window = excludedBetween(safety.excludedWindows, now, now + expectedSeconds(scenario.seconds[profile]));
      if (window) throw new TimeExcluded(window);
    },
    async () => {
      const alarming = await alarms.alarming(safety.stopConditions.alarms);
      if (alarming.length > 0) throw new AlarmActive(alarming);
    },
    async () => {
      if (!fault) return;
      touches.push(...(await fault.touches(io)));
      assertWithinBlastRadius(touches, safety.blastRadius);
      await fault.check(io);
    },
  ]);
  return { touches, refusals };
}

async function failures(checks: (() => Promise<void>)[]): Promise<Error[]> {
  const results = await Promise.allSettled(checks.map((check) => check()));
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
}
