import { STATUS_CODES } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { ServiceNotFound } from '../aws/ecs-services.client.ts';
import { InputInvalid } from '../aws/input.ts';
import { logger } from '../aws/logger.ts';
import { inOneLine } from '../aws/one-line.ts';
import { FaultRefused } from '../faults/fault.ts';
import { GameDayOver } from '../game-day/game-day.ts';
import { GameDayNotFound } from '../game-day/game-days.client.ts';
import { IdempotencyKeyReused, StartPending } from '../game-day/start-game-day.ts';
import { SuiteNotFound } from '../game-day/suites.ts';
import { AlarmActive } from '../prepare/preflight.ts';
import { RunNotFound } from '../runs/runs.client.ts';
import { AlarmMissing } from '../safety/alarms.client.ts';
import { BlastRadiusExceeded } from '../safety/blast-radius.ts';
import { TimeExcluded } from '../safety/excluded-windows.ts';
import { LeaseContended, TargetLeased, TargetNotRestored } from '../safety/leases.client.ts';
import { LeverPulled } from '../safety/lever.client.ts';
import { OverridesInvalid } from '../scenarios/overrides.ts';
import { ScheduleExists, ScheduleNotFound, ScheduleRefused } from '../schedules/schedule.ts';
import { TargetInvalid, TargetNotFound } from '../target/target.client.ts';
import { ReportNotFound, RunOver } from './api-errors.ts';
import { PageTokenInvalid } from './page.ts';
import {
  BodyTooLarge,
  CallerUnknown,
  MediaTypeUnsupported,
  MethodNotAllowed,
  NotJson,
  RouteUnknown,
} from './request.ts';

export type ErrorClass = abstract new (...args: never[]) => Error;

/** Which status a named error has. What is not in here is our own failure: 500, and nothing of it is told. */
const statuses: readonly (readonly [number, readonly ErrorClass[]])[] = [
  [400, [InputInvalid, NotJson, OverridesInvalid, PageTokenInvalid]],
  [403, [CallerUnknown]],
  [404, [RouteUnknown, GameDayNotFound, RunNotFound, TargetNotFound, SuiteNotFound, ScheduleNotFound, ReportNotFound]],
  [405, [MethodNotAllowed]],
  [
    409,
    [TargetLeased, TargetNotRestored, StartPending, RunOver, GameDayOver, TimeExcluded, AlarmActive, ScheduleExists],
  ],
  [413, [BodyTooLarge]],
  [415, [MediaTypeUnsupported]],
  [
    422,
    [
      IdempotencyKeyReused,
      FaultRefused,
      BlastRadiusExceeded,
      AlarmMissing,
      ServiceNotFound,
      TargetInvalid,
      ScheduleRefused,
    ],
  ],
  [423, [LeverPulled]],
  [503, [LeaseContended]],
];

/** @throws Error for one that has none */
export function statusOf(kind: ErrorClass): number {
  const found = statuses.find(([, kinds]) => kinds.includes(kind));
  if (!found) throw new Error(`${kind.name} has no status`);
  return found[0];
}

const retryAfterSeconds = new Map<ErrorClass, number>([
  [StartPending, 5],
  [TargetNotRestored, 60],
  [LeaseContended, 1],
]);

/** An error as problem details (RFC 9457): `instance` is the request's id, under which the log has more. */
export function problemOf(error: unknown, requestId: string): APIGatewayProxyResult {
  const status = statuses.find(([, classes]) => classes.some((c) => error instanceof c))?.[0] ?? 500;
  if (status === 500) logger.error('the request failed', { requestId, error: error as Error });
  const { name, message } =
    status === 500
      ? { name: '', message: 'The request failed for a reason of ours; it was logged.' }
      : (error as Error);
  const problem = {
    type: name ? `urn:faultline:problem:${kebab(name)}` : 'about:blank',
    title: name ? words(name) : STATUS_CODES[status],
    status,
    detail: inOneLine(message),
    instance: requestId,
    ...(error instanceof TargetLeased && { holder: error.holder }),
  };
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(error instanceof MethodNotAllowed && { allow: error.allowed.join(', ') }),
      ...retryAfter(error),
    },
    body: JSON.stringify(problem),
  };
}

function retryAfter(error: unknown): Record<string, string> {
  const found = [...retryAfterSeconds].find(([kind]) => error instanceof kind);
  return found ? { 'retry-after': String(found[1]) } : {};
}

export const kebab = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
const words = (name: string) => {
  const text = kebab(name).replaceAll('-', ' ');
  return text[0]!.toUpperCase() + text.slice(1);
};
