import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  dryRunSchema,
  evidenceSchema,
  gameDayAnswerSchema,
  gameDayStopSchema,
  gameDaysSchema,
  leverMovedSchema,
  leverStandSchema,
  liveRunSchema,
  runStartedSchema,
  runStopSchema,
  runsSchema,
  type StopAsked,
  scenarioSchema,
  scenariosSchema,
  scheduleAnswerSchema,
  schedulesSchema,
  startedSchema,
  suiteSchema,
  suitesSchema,
  targetAnswerSchema,
  targetsSchema,
  validatedSchema,
} from '../api/answers.ts';
import type { ReportFormat } from '../api/routes/report.ts';
import type { StartBody } from '../game-day/start-body.ts';
import type { Overrides } from '../runs/run.ts';
import type { Profile, ScenarioId } from '../scenarios/scenario.ts';
import type { scheduleInput } from '../schedules/schedule.ts';
import { type ApiAccess, ApiRefused, type SignedRequest, SignedRequests } from './signed-requests.client.ts';
import { understood } from './understood.ts';

/** One scenario on a target. */
export interface RunBody {
  target: string;
  scenario: ScenarioId;
  profile?: Profile;
  overrides?: Overrides;
}

/** A part of a list. */
export interface PageQuery {
  limit?: number;
  /** What the part before said as its `next`. */
  next?: string;
}

/** The API as an operator uses it. Every method throws ApiRefused with the API's own reason, ApiUnreachable, or AnswerNotUnderstood. */
export class OperatorApi {
  private readonly requests: SignedRequests;

  constructor(access: ApiAccess) {
    this.requests = new SignedRequests(access);
  }

  scenarios() {
    return this.get(scenariosSchema, '/scenarios');
  }

  scenario(id: ScenarioId) {
    return this.get(scenarioSchema, `/scenarios/${id}`);
  }

  suites() {
    return this.get(suitesSchema, '/suites');
  }

  suite(id: string) {
    return this.get(suiteSchema, `/suites/${encodeURIComponent(id)}`);
  }

  /** A game-day. Sent again after a broken connection it is the same one. */
  start(body: StartBody, key: string = randomUUID()) {
    return this.post(startedSchema, '/game-days', body, key);
  }

  dryRun(body: StartBody) {
    return this.post(dryRunSchema, '/game-days', { ...body, dryRun: true });
  }

  gameDays(query: PageQuery = {}) {
    return this.get(gameDaysSchema, '/game-days', query);
  }

  gameDay(id: string) {
    return this.get(gameDayAnswerSchema, `/game-days/${encodeURIComponent(id)}`);
  }

  stopGameDay(id: string, reason: string) {
    return this.post(gameDayStopSchema, `/game-days/${encodeURIComponent(id)}/stop`, { reason });
  }

  /** One run, as a game-day of one scenario. Sent again after a broken connection it is the same one. */
  startRun(body: RunBody, key: string = randomUUID()) {
    return this.post(runStartedSchema, '/runs', body, key);
  }

  dryRunOfRun(body: RunBody) {
    return this.post(dryRunSchema, '/runs', { ...body, dryRun: true });
  }

  runs(query: PageQuery = {}) {
    return this.get(runsSchema, '/runs', query);
  }

  /** A run with its latest seconds of load, at most `windows` of them. */
  run(id: string, windows?: number) {
    return this.get(liveRunSchema, `/runs/${encodeURIComponent(id)}`, { windows });
  }

  stopRun(id: string, reason: string) {
    return this.post(runStopSchema, `/runs/${encodeURIComponent(id)}/stop`, { reason });
  }

  evidence(runId: string, query: PageQuery = {}) {
    return this.get(evidenceSchema, `/runs/${encodeURIComponent(runId)}/evidence`, query);
  }

  /** A link to the report of a game-day, or of a run's game-day. */
  report(of: 'game-days' | 'runs', id: string, format: ReportFormat): Promise<string> {
    const path = `/${of}/${encodeURIComponent(id)}/report`;
    return this.requests.locationOf({ method: 'GET', path, query: { format } });
  }

  /** Of a game-day or a run: ids of the one are never ids of the other. */
  async stop(id: string, reason: string): Promise<StopAsked> {
    try {
      return await this.stopGameDay(id, reason);
    } catch (error) {
      // An id that is too long for a game-day may be a run's.
      const types = ['game-day-not-found', 'input-invalid'];
      if (!(error instanceof ApiRefused && types.includes(error.type))) throw error;
    }
    try {
      return await this.stopRun(id, reason);
    } catch (error) {
      if (!(error instanceof ApiRefused && error.type === 'run-not-found')) throw error;
      throw new ApiRefused(error.status, error.type, `there is no game-day and no run '${id}'`);
    }
  }

  createSchedule(body: z.input<typeof scheduleInput>) {
    return this.ask(scheduleAnswerSchema, { method: 'POST', path: '/schedules', body, once: true });
  }

  schedules(query: PageQuery = {}) {
    return this.get(schedulesSchema, '/schedules', query);
  }

  schedule(name: string) {
    return this.get(scheduleAnswerSchema, `/schedules/${encodeURIComponent(name)}`);
  }

  pauseSchedule(name: string) {
    return this.post(scheduleAnswerSchema, `/schedules/${encodeURIComponent(name)}/pause`);
  }

  resumeSchedule(name: string) {
    return this.post(scheduleAnswerSchema, `/schedules/${encodeURIComponent(name)}/resume`);
  }

  async deleteSchedule(name: string): Promise<void> {
    const path = `/schedules/${encodeURIComponent(name)}`;
    await this.ask(z.null(), { method: 'DELETE', path, once: true });
  }

  targets() {
    return this.get(targetsSchema, '/targets');
  }

  target(id: string) {
    return this.get(targetAnswerSchema, `/targets/${encodeURIComponent(id)}`);
  }

  validateTarget(configuration: Record<string, unknown>) {
    return this.post(validatedSchema, '/target-validations', { configuration });
  }

  lever() {
    return this.get(leverStandSchema, '/safety-lever');
  }

  moveLever(pulled: boolean, reason: string) {
    return this.ask(leverMovedSchema, { method: 'PUT', path: '/safety-lever', body: { pulled, reason } });
  }

  private get<T extends z.ZodType>(schema: T, path: string, query?: SignedRequest['query'] | PageQuery) {
    return this.ask(schema, { method: 'GET', path, query: { ...query } });
  }

  private post<T extends z.ZodType>(schema: T, path: string, body?: object, key?: string) {
    return this.ask(schema, { method: 'POST', path, body, headers: key ? { 'Idempotency-Key': key } : undefined });
  }

  private async ask<T extends z.ZodType>(schema: T, request: SignedRequest): Promise<z.infer<T>> {
    return understood(schema, await this.requests.send(request));
  }
}
