import { z } from 'zod';
import { type DryRun, dryRun } from '../game-day/dry-run.ts';
import { GameDayOver, gameDayInput } from '../game-day/game-day.ts';
import { type StartServices, startGameDay } from '../game-day/start-game-day.ts';
import { runIdSchema } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import { stopGameDay } from '../safety/stop-game-day.ts';
import { availableScenarios } from '../scenarios/registry.ts';
import { reasonSchema } from './reason.ts';

export class RunOver extends Error {
  constructor(runId: string) {
    super(`run '${runId}' is over`);
    this.name = 'RunOver';
  }
}

export interface ApiServices extends StartServices, Pick<Services, 'runs' | 'lever'> {}

export interface ApiRequest<P, B> {
  parameters: P;
  body: B;
  idempotencyKey: string | null;
  /** The caller's IAM identity. */
  by: string;
}

export interface Answer {
  status: 200 | 202;
  headers?: Record<string, string>;
  body: unknown;
}

export interface Route<P = unknown, B = unknown> {
  method: 'GET' | 'POST' | 'PUT';
  /** `{name}` is one of the path's parameters. */
  path: string;
  parameters: z.ZodType<P>;
  /** Null where there is no body. */
  body: z.ZodType<B> | null;
  answer(request: ApiRequest<P, B>, services: ApiServices): Promise<Answer>;
}

const defineRoute = <P, B>(route: Route<P, B>): Route => route as Route;

const none = z.object({});
const { gameDayId, target, scenarios, profile } = gameDayInput.shape;

export const routes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/game-days',
    parameters: none,
    body: z.strictObject({
      target,
      scenarios: scenarios.default(availableScenarios.map(({ id }) => id)),
      profile: profile.default('quick'),
      dryRun: z.boolean().default(false),
    }),
    async answer({ body: { dryRun: isDry, ...request }, idempotencyKey }, services) {
      if (isDry) return { status: 200, body: (await dryRun(request, services)) satisfies DryRun };
      const { replayed, ...started } = await startGameDay(request, idempotencyKey, services);
      return {
        status: 202,
        headers: { location: `game-days/${started.gameDayId}`, ...(replayed && { 'idempotent-replayed': 'true' }) },
        body: started,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/game-days/{gameDayId}',
    parameters: z.object({ gameDayId }),
    body: null,
    answer: async ({ parameters }, { gameDays }) => ({ status: 200, body: await gameDays.get(parameters.gameDayId) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/game-days/{gameDayId}/stop',
    parameters: z.object({ gameDayId }),
    body: z.strictObject({ reason: reasonSchema }),
    async answer({ parameters: { gameDayId }, body, by }, services) {
      if ((await services.gameDays.get(gameDayId)).endedAt !== null) throw new GameDayOver(gameDayId);
      return { status: 202, body: await stopGameDay({ gameDayId, reason: body.reason, by }, services) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{runId}',
    parameters: z.object({ runId: runIdSchema }),
    body: null,
    answer: async ({ parameters }, { runs }) => ({ status: 200, body: await runs.get(parameters.runId) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{runId}/stop',
    parameters: z.object({ runId: runIdSchema }),
    body: z.strictObject({ reason: reasonSchema }),
    async answer({ parameters: { runId }, body, by }, { runs, clock }) {
      if ((await runs.get(runId)).phase === 'done') throw new RunOver(runId);
      await runs.requestStop(runId, { reason: body.reason, by, at: clock.now() });
      // The first reason wins, and may have been another's.
      return { status: 202, body: { runId, stopRequested: (await runs.get(runId)).stopRequested } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/safety-lever',
    parameters: none,
    body: null,
    async answer(_request, { lever }) {
      const [now, history] = await Promise.all([lever.read(), lever.history()]);
      const untouched = { pulled: false, by: null, reason: null, at: null };
      return { status: 200, body: { ...(now ?? untouched), history: history.slice(-mostMoves) } };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/safety-lever',
    parameters: none,
    body: z.strictObject({ pulled: z.boolean(), reason: reasonSchema }),
    answer: async ({ body: { pulled, reason }, by }, { lever }) => ({
      status: 200,
      body: await lever.move(pulled, { by, reason }),
    }),
  }),
];

/** Of the lever's history, the latest ones. */
const mostMoves = 100;
