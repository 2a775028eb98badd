import { z } from 'zod';
import { type DryRun, dryRun } from '../../game-day/dry-run.ts';
import { GameDayOver, gameDayInput } from '../../game-day/game-day.ts';
import { GameDayNotFound } from '../../game-day/game-days.client.ts';
import { oneWayToName, oneWayToNameMessage, startBodyShape, startOf } from '../../game-day/start-body.ts';
import { startGameDay } from '../../game-day/start-game-day.ts';
import { stopGameDay } from '../../safety/stop-game-day.ts';
import { dryRunSchema, gameDayAnswerSchema, gameDayStopSchema, gameDaysSchema, startedSchema } from '../answers.ts';
import { ReportNotFound } from '../api-errors.ts';
import { PageTokenInvalid, pageQuery, positionOf, tokenOf } from '../page.ts';
import { reasonSchema } from '../reason.ts';
import { defineRoute, none } from '../route.ts';
import { reportAnswers, reportQuery, toReport } from './report.ts';
import { startProblems } from './starting.ts';

const one = z.strictObject({ gameDayId: gameDayInput.shape.gameDayId });

export const gameDayRoutes = [
  defineRoute({
    method: 'POST',
    path: '/game-days',
    summary: 'Start a game-day, or look what a start would do',
    description:
      'With `dryRun` it answers what would be touched and what would refuse it, and touches nothing. With an ' +
      'Idempotency-Key it can be sent again for a day: the same key and request are the same game-day.',
    parameters: none,
    query: none,
    body: z
      .strictObject({ ...startBodyShape, dryRun: z.boolean().default(false) })
      .refine(oneWayToName, oneWayToNameMessage)
      .meta({
        examples: [
          { target: 'sample', scenarios: ['control', 'cache-failure'] },
          { target: 'sample', suite: 'weekly', dryRun: true },
        ],
      }),
    isIdempotent: true,
    answers: {
      200: { description: 'A dry run', body: dryRunSchema },
      202: {
        description: 'It has begun, or had by an earlier request with the same key',
        body: startedSchema,
        headers: z.object({
          location: z.string().meta({ description: 'The game-day, below the stage' }),
          'idempotent-replayed': z.literal('true').optional(),
        }),
      },
    },
    problems: startProblems,
    async answer({ body: { dryRun: isDry, ...body }, idempotencyKey, by }, services) {
      const request = startOf(body);
      if (isDry || services.onlyDryRuns)
        return { status: 200, body: (await dryRun(request, services)) satisfies DryRun };
      const { replayed, ...started } = await startGameDay(request, { key: idempotencyKey, by }, services);
      return {
        status: 202,
        headers: { location: `game-days/${started.gameDayId}`, ...(replayed && { 'idempotent-replayed': 'true' }) },
        body: started,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/game-days',
    summary: 'List game-days, the latest first',
    parameters: none,
    query: pageQuery,
    body: null,
    answers: { 200: { description: 'A part of the list', body: gameDaysSchema } },
    problems: [PageTokenInvalid],
    async answer({ query }, { gameDays }) {
      const { gameDays: items, after } = await gameDays.page(positionOf('game-days', query));
      return { status: 200, body: { items, next: tokenOf('game-days', after) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/game-days/{gameDayId}',
    summary: 'Read one game-day',
    parameters: one,
    query: none,
    body: null,
    answers: { 200: { description: 'Its record', body: gameDayAnswerSchema } },
    problems: [GameDayNotFound],
    answer: async ({ parameters }, { gameDays }) => ({ status: 200, body: await gameDays.get(parameters.gameDayId) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/game-days/{gameDayId}/stop',
    summary: 'Stop a game-day',
    description: 'Its present run is reverted and reported, and no more of them start. The first reason stays.',
    parameters: one,
    query: none,
    body: z.strictObject({ reason: reasonSchema }),
    answers: { 202: { description: 'The runs that this request stops', body: gameDayStopSchema } },
    problems: [GameDayNotFound, GameDayOver],
    async answer({ parameters: { gameDayId }, body, by }, services) {
      if ((await services.gameDays.get(gameDayId)).endedAt !== null) throw new GameDayOver(gameDayId);
      return { status: 202, body: await stopGameDay({ gameDayId, reason: body.reason, by }, services) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/game-days/{gameDayId}/report',
    summary: "Go to a game-day's report",
    parameters: one,
    query: reportQuery,
    body: null,
    answers: reportAnswers,
    problems: [GameDayNotFound, ReportNotFound],
    async answer({ parameters: { gameDayId }, query }, services) {
      await services.gameDays.get(gameDayId);
      return toReport(gameDayId, query.format, services);
    },
  }),
];
