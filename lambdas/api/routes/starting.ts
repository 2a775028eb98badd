import { ServiceNotFound } from '../../aws/ecs-services.client.ts';
import { FaultRefused } from '../../faults/fault.ts';
import { IdempotencyKeyReused, StartPending } from '../../game-day/start-game-day.ts';
import { SuiteNotFound } from '../../game-day/suites.ts';
import { AlarmActive } from '../../prepare/preflight.ts';
import { AlarmMissing } from '../../safety/alarms.client.ts';
import { BlastRadiusExceeded } from '../../safety/blast-radius.ts';
import { TimeExcluded } from '../../safety/excluded-windows.ts';
import { LeaseContended, TargetLeased, TargetNotRestored } from '../../safety/leases.client.ts';
import { LeverPulled } from '../../safety/lever.client.ts';
import { OverridesInvalid } from '../../scenarios/overrides.ts';
import { TargetInvalid, TargetNotFound } from '../../target/target.client.ts';
import type { ErrorClass } from '../problem.ts';

/** Whatever may keep a game-day from starting. */
export const startProblems: readonly ErrorClass[] = [
  OverridesInvalid,
  SuiteNotFound,
  TargetNotFound,
  TargetInvalid,
  TargetLeased,
  TargetNotRestored,
  LeaseContended,
  LeverPulled,
  TimeExcluded,
  AlarmActive,
  AlarmMissing,
  BlastRadiusExceeded,
  FaultRefused,
  ServiceNotFound,
  IdempotencyKeyReused,
  StartPending,
];
