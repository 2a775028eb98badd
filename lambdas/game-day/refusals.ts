import { ServiceNotFound } from '../aws/ecs-services.client.ts';
import { FaultRefused } from '../faults/fault.ts';
import { AlarmActive } from '../prepare/preflight.ts';
import { AlarmMissing } from '../safety/alarms.client.ts';
import { BlastRadiusExceeded } from '../safety/blast-radius.ts';
import { TimeExcluded } from '../safety/excluded-windows.ts';
import { LeaseContended, TargetLeased, TargetNotRestored } from '../safety/leases.client.ts';
import { LeverPulled } from '../safety/lever.client.ts';
import { OverridesInvalid } from '../scenarios/overrides.ts';
import { TargetInvalid, TargetNotFound } from '../target/target.client.ts';
import { SuiteNotFound } from './suites.ts';

/** A request that asks for what there is not. */
export const wrongRequests = [OverridesInvalid, SuiteNotFound, TargetNotFound, TargetInvalid];

/** Somebody else has the target; that passes. */
export const takings = [TargetLeased, TargetNotRestored, LeaseContended];

/** What a look at the target and at what guards it may find. */
export const hindrances = [
  LeverPulled,
  TimeExcluded,
  AlarmActive,
  AlarmMissing,
  BlastRadiusExceeded,
  FaultRefused,
  ServiceNotFound,
];

const isOneOf = (kinds: readonly (abstract new (...args: never[]) => Error)[], error: unknown): boolean =>
  kinds.some((kind) => error instanceof kind);

export const isTaken = (error: unknown): boolean => isOneOf(takings, error);

export const isHindrance = (error: unknown): boolean => isOneOf(hindrances, error);

/** A start that was refused, as opposed to one that failed. */
export const isRefusal = (error: unknown): boolean => isOneOf([...hindrances, ...wrongRequests], error);
