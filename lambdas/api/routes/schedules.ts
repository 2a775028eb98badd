import { z } from 'zod';
import { startOf } from '../../game-day/start-body.ts';
import { SuiteNotFound } from '../../game-day/suites.ts';
import { OverridesInvalid } from '../../scenarios/overrides.ts';
import {
  type Schedule,
  ScheduleExists,
  ScheduleNotFound,
  ScheduleRefused,
  scheduleInput,
  scheduleNameSchema,
} from '../../schedules/schedule.ts';
import { TargetInvalid, TargetNotFound } from '../../target/target.client.ts';
import { scheduleAnswerSchema, schedulesSchema } from '../answers.ts';
import { PageTokenInvalid, pageQuery, positionOf, tokenOf } from '../page.ts';
import { type ApiServices, defineRoute, none } from '../route.ts';

const one = z.strictObject({ name: scheduleNameSchema });

export const scheduleRoutes = [
  defineRoute({
    method: 'POST',
    path: '/schedules',
    summary: 'Have game-days started by the clock',
    description:
      'A start that cannot be delivered within 300 s of its time is not made. Deliveries of the same time start one ' +
      'game-day.',
    parameters: none,
    query: none,
    body: scheduleInput,
    answers: {
      201: {
        description: 'It was made',
        body: scheduleAnswerSchema,
        headers: z.object({ location: z.string().meta({ description: 'The schedule, below the stage' }) }),
      },
    },
    problems: [ScheduleExists, ScheduleRefused, SuiteNotFound, OverridesInvalid, TargetNotFound, TargetInvalid],
    async answer({ body, by }, services) {
      const { schedules, scheduler, clock } = services;
      await assertStartable(body, services);
      const schedule: Schedule = { ...body, createdBy: by, createdAt: clock.now(), last: null };
      // What is there twice has one owner: whose record was first.
      await schedules.create(schedule);
      try {
        await scheduler.put(schedule);
      } catch (error) {
        await schedules.delete(schedule.name);
        throw error;
      }
      return { status: 201, headers: { location: `schedules/${schedule.name}` }, body: schedule };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/schedules',
    summary: 'List schedules by name, the last of the alphabet first',
    parameters: none,
    query: pageQuery,
    body: null,
    answers: { 200: { description: 'A part of the list', body: schedulesSchema } },
    problems: [PageTokenInvalid],
    async answer({ query }, { schedules }) {
      const { schedules: items, after } = await schedules.page(positionOf('schedules', query));
      return { status: 200, body: { items, next: tokenOf('schedules', after) } };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/schedules/{name}',
    summary: 'Read one schedule, and what came of it last',
    parameters: one,
    query: none,
    body: null,
    answers: { 200: { description: 'The schedule', body: scheduleAnswerSchema } },
    problems: [ScheduleNotFound],
    answer: async ({ parameters }, { schedules }) => ({ status: 200, body: await schedules.get(parameters.name) }),
  }),
  pausing('pause', true, 'Pause a schedule: it starts nothing until it is resumed'),
  pausing('resume', false, 'Resume a schedule that was paused'),
  defineRoute({
    method: 'DELETE',
    path: '/schedules/{name}',
    summary: 'Delete a schedule; game-days that it has started go on',
    parameters: one,
    query: none,
    body: null,
    answers: { 204: { description: 'It is gone', body: null } },
    problems: [ScheduleNotFound],
    async answer({ parameters: { name } }, { schedules, scheduler }) {
      await schedules.get(name);
      await scheduler.delete(name);
      await schedules.delete(name);
      return { status: 204 };
    },
  }),
];

function pausing(verb: 'pause' | 'resume', paused: boolean, summary: string) {
  return defineRoute({
    method: 'POST',
    path: `/schedules/{name}/${verb}`,
    summary,
    parameters: one,
    query: none,
    body: null,
    answers: { 200: { description: 'The schedule', body: scheduleAnswerSchema } },
    problems: [ScheduleNotFound, ScheduleRefused],
    async answer({ parameters: { name } }, { schedules, scheduler }) {
      const schedule = { ...(await schedules.get(name)), paused };
      // A delivery looks at the record: paused is paused even where this ends half-way.
      if (paused) await schedules.setPaused(name, paused);
      await scheduler.put(schedule);
      if (!paused) await schedules.setPaused(name, paused);
      return { status: 200, body: schedule };
    },
  });
}

/** What could never be started is refused when it is asked for, and not each time that the clock comes round. */
async function assertStartable(body: z.infer<typeof scheduleInput>, services: Pick<ApiServices, 'target'>) {
  const { target, suite, scenarios, overrides } = body;
  startOf({ target, suite, scenarios, overrides });
  await services.target(target);
}
