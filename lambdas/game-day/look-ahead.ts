import type { z } from 'zod';
import { ServiceNotFound } from '../aws/ecs-services.client.ts';
import { type FaultIo, FaultRefused, type Touch } from '../faults/fault.ts';
import { AlarmActive, preflight } from '../prepare/preflight.ts';
import type { Services } from '../runs/run-context.ts';
import { AlarmMissing } from '../safety/alarms.client.ts';
import { BlastRadiusExceeded } from '../safety/blast-radius.ts';
import { TimeExcluded } from '../safety/excluded-windows.ts';
import { LeverPulled } from '../safety/lever.client.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { scenarioFor } from '../scenarios/scenario-for.ts';
import type { Target } from '../target/target.ts';
import type { gameDayInput } from './game-day.ts';

/** Left out is what a game-day of scenarios by name has: no suite, no pause, no overrides. */
export type StartRequest = Omit<z.input<typeof gameDayInput>, 'gameDayId'>;

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

/** What may keep a scenario from starting; any other error is ours. */
const refusalKinds = [
  LeverPulled,
  TimeExcluded,
  AlarmActive,
  AlarmMissing,
  BlastRadiusExceeded,
  FaultRefused,
  ServiceNotFound,
];

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
      const ours = refusals.find((error) => !refusalKinds.some((kind) => error instanceof kind));
      if (ours) throw ours;
      return { scenario, touches, refusals };
    }),
  );
}
