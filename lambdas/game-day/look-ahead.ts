import type { FaultIo, Touch } from '../faults/fault.ts';
import { preflight } from '../prepare/preflight.ts';
import type { Services } from '../runs/run-context.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { scenarioFor } from '../scenarios/scenario-for.ts';
import type { Target } from '../target/target.ts';
import type { StartRequest } from './game-day.ts';
import { isHindrance } from './refusals.ts';

export interface LookServices
  extends Pick<Services, 'clock' | 'runs' | 'leases' | 'undoRecords' | 'lever' | 'alarms' | 'target'> {
  /** What a look at the target is made with; nothing is changed through it. */
  ioOf(target: Target): FaultIo;
}

export interface Look {
  scenario: ScenarioId;
  touches: Touch[];
  refusals: Error[];
}

/**
 * Looks at everything that may keep a game-day's scenarios from starting, but for who has the target now.
 * @throws TargetNotFound, TargetInvalid, OverridesInvalid
 */
export async function lookAhead(
  { target: id, scenarios, profile, overrides = {} }: StartRequest,
  services: LookServices,
): Promise<Look[]> {
  const target = await services.target(id);
  const io = services.ioOf(target);
  return Promise.all(
    scenarios.map(async (scenario) => {
      const wanted = scenarioFor(target, scenario, overrides[scenario]);
      const { touches, refusals } = await preflight({ scenario: wanted, profile, io }, services);
      const ours = refusals.find((error) => !isHindrance(error));
      if (ours) throw ours;
      return { scenario, touches, refusals };
    }),
  );
}
