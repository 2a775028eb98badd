import { z } from 'zod';
import type { StartServices } from '../game-day/start-game-day.ts';
import type { Services } from '../runs/run-context.ts';
import type { Scheduler } from '../schedules/scheduler.client.ts';
import type { SchedulesClient } from '../schedules/schedules.client.ts';
import type { ListedTarget } from '../target/target.client.ts';
import type { DownloadsClient } from './downloads.client.ts';
import type { ErrorClass } from './problem.ts';

export interface ApiServices extends StartServices, Pick<Services, 'runs' | 'lever' | 'evidence'> {
  schedules: Pick<SchedulesClient, 'create' | 'find' | 'get' | 'page' | 'setPaused' | 'delete'>;
  scheduler: Pick<Scheduler, 'put' | 'delete'>;
  downloads: Pick<DownloadsClient, 'link'>;
  targets(): Promise<ListedTarget[]>;
}

export interface ApiRequest<P, Q, B> {
  parameters: P;
  query: Q;
  body: B;
  idempotencyKey: string | null;
  /** The caller's IAM identity. */
  by: string;
}

export type AnswerStatus = 200 | 201 | 202 | 204 | 302;

export interface Answer {
  status: AnswerStatus;
  headers?: Record<string, string>;
  /** None where there is nothing to say. */
  body?: unknown;
}

/** One answer that is no problem. */
export interface AnswerKind {
  description: string;
  /** Null where it has no body. */
  body: z.ZodType | null;
  headers?: z.ZodObject;
}

export interface Route<P = unknown, Q = unknown, B = unknown> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `{name}` is one of the path's parameters. */
  path: string;
  /** In the imperative: what it does, in a line. */
  summary: string;
  description?: string;
  parameters: z.ZodType<P>;
  query: z.ZodType<Q>;
  /** Null where there is no body. */
  body: z.ZodType<B> | null;
  /** Whether it heeds an Idempotency-Key. */
  isIdempotent?: boolean;
  answers: Partial<Record<AnswerStatus, AnswerKind>>;
  /** What it refuses by, beside what every route does. */
  problems: readonly ErrorClass[];
  answer(request: ApiRequest<P, Q, B>, services: ApiServices): Promise<Answer>;
}

export const defineRoute = <P, Q, B>(route: Route<P, Q, B>): Route => route as Route;

/** For what takes no parameters. */
export const none = z.strictObject({});
