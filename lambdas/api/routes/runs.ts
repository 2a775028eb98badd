import { z } from 'zod';
import { runPrefix } from '../../finish/analyse-run.ts';
import { dryRun } from '../../game-day/dry-run.ts';
import { startBodyShape, startOf } from '../../game-day/start-body.ts';
import { startGameDay } from '../../game-day/start-game-day.ts';
import { overridesSchema, runIdSchema } from '../../runs/run.ts';
import { RunNotFound } from '../../runs/runs.client.ts';
import { availableScenarios } from '../../scenarios/registry.ts';
import {
  dryRunSchema,
  evidenceSchema,
  type LiveRun,
  liveRunSchema,
  runStartedSchema,
  runStopSchema,
  runsSchema,
} from '../answers.ts';
import { ReportNotFound, RunOver } from '../api-errors.ts';
import { countOf, PageTokenInvalid, pageQuery, positionOf, tokenOf } from '../page.ts';
import { reasonSchema } from '../reason.ts';
import { defineRoute, none } from '../route.ts';
import { reportAnswers, reportQuery, toReport } from './report.ts';
import { startProblems } from './starting.ts';

const one = z.strictObject({ runId: runIdSchema });
const mostWindows = 120;
const usualWindows = 10;

export const runRoutes = [
  defineRoute({
    method: 'POST',
    path: '/runs',
    summary: 'Start one run, as a game-day of one scenario',
    parameters: none,
    query: none,
    body: z
      .strictObject({
        target: startBodyShape.target,
        scenario: z.enum(availableScenarios.map(({ id }) => id)),
        profile: startBodyShape.profile,
        overrides: overridesSchema.optional(),
        dryRun: z.boolean().default(false),
      })
      .meta({ examples: [{ target: 'sample', scenario: 'cache-failure' }] }),
    isIdempotent: true,
    answers: {
      200: { description: 'A dry run', body: dryRunSchema },
      202: {
        description: 'It has begun, or had by an earlier request with the same key',
        body: runStartedSchema,
        headers: z.object({
          location: z.string().meta({ description: 'The run, below the stage' }),
          'idempotent-replayed': z.literal('true').optional(),
        }),
      },
    },
    problems: startProblems,
    async answer({ body: { target, scenario, profile, overrides, dryRun: isDry }, idempotencyKey, by }, services) {
      const request = startOf({
        target,
        scenarios: [scenario],
        profile,
        overrides: overrides && { [scenario]: overrides },
      });
      if (isDry || services.onlyDryRuns) return { status: 200, body: await dryRun(request, services) };
      const { gameDayId, runs, replayed } = await startGameDay(request, { key: idempotencyKey, by }, services);
      const { runId } = runs[0]!;
      return {
        status: 202,
        headers: { location: `runs/${runId}`, ...(replayed && { 'idempotent-replayed': 'true' }) },
        body: { runId, gameDayId, scenario },
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs',
    summary: 'List runs, the latest first',
    description: 'A run is listed from its own beginning on, for 30 days.',
    parameters: none,
    query: pageQuery,
    body: null,
    answers: { 200: { description: 'A part of the list', body: runsSchema } },
    problems: [PageTokenInvalid],
    async answer({ query }, { runs }) {
      const { runs: items, after } = await runs.page(positionOf('runs', query));
      return { status: 200, body: { items, next: tokenOf('runs', after) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{runId}',
    summary: 'Read one run: its phase as it is now, and its latest seconds of load',
    parameters: one,
    query: z.strictObject({ windows: countOf(usualWindows, 0, mostWindows) }),
    body: null,
    answers: { 200: { description: 'Its record', body: liveRunSchema } },
    problems: [RunNotFound],
    async answer({ parameters: { runId }, query }, { runs }) {
      const [run, windows] = await Promise.all([runs.get(runId), runs.lastWindows(runId, query.windows)]);
      return { status: 200, body: { ...run, windows } satisfies LiveRun };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/runs/{runId}/stop',
    summary: 'Stop one run; its game-day goes on with the next',
    parameters: one,
    query: none,
    body: z.strictObject({ reason: reasonSchema }),
    answers: { 202: { description: 'Who asked first, and why', body: runStopSchema } },
    problems: [RunNotFound, RunOver],
    async answer({ parameters: { runId }, body, by }, { runs, clock }) {
      if ((await runs.get(runId)).phase === 'done') throw new RunOver(runId);
      await runs.requestStop(runId, { reason: body.reason, by, at: clock.now() });
      // The first reason wins, and may have been another's.
      return { status: 202, body: { runId, stopRequested: (await runs.get(runId)).stopRequested } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{runId}/report',
    summary: "Go to the report of a run's game-day",
    parameters: one,
    query: reportQuery,
    body: null,
    answers: reportAnswers,
    problems: [RunNotFound, ReportNotFound],
    async answer({ parameters: { runId }, query }, services) {
      const { gameDayId } = await services.runs.get(runId);
      if (gameDayId === null) throw new ReportNotFound(`none (of run ${runId})`, `report.${query.format}`);
      return toReport(gameDayId, query.format, services);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/{runId}/evidence',
    summary: "List what a run's numbers were made of, with links",
    parameters: one,
    query: pageQuery,
    body: null,
    answers: { 200: { description: 'A part of the list, by path', body: evidenceSchema } },
    problems: [RunNotFound, PageTokenInvalid],
    async answer({ parameters: { runId }, query }, { runs, evidence, downloads }) {
      await runs.get(runId);
      const list = `evidence of ${runId}`;
      const { objects, after } = await evidence.page(runPrefix(runId), positionOf(list, query));
      const items = objects.map(async ({ key, bytes }) => ({ path: key, bytes, url: await downloads.link(key) }));
      return { status: 200, body: { items: await Promise.all(items), next: tokenOf(list, after) } };
    },
  }),
];
