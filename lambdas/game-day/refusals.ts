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

/** Somebody else has the target; that passes. */
export const isTaken = (error: unknown): boolean =>
  [TargetLeased, TargetNotRestored, LeaseContended].some((kind) => error instanceof kind);

const refusals = [
  LeverPulled,
  TimeExcluded,
  AlarmActive,
  AlarmMissing,
  BlastRadiusExceeded,
  FaultRefused,
  ServiceNotFound,
  OverridesInvalid,
  SuiteNotFound,
  TargetInvalid,
  TargetNotFound,
];

/** A start that was refused, as opposed to one that failed. */
export const isRefusal = (error: unknown): boolean => refusals.some((kind) => error instanceof kind);
