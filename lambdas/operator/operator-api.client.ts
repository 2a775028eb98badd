import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { dryRunSchema, leverStandSchema, startedSchema, stopAskedSchema } from '../api/answers.ts';
import type { StartRequest } from '../game-day/look-ahead.ts';
import { leverMoveSchema } from '../safety/lever.client.ts';
import { type ApiAccess, ApiRefused, type SignedRequest, SignedRequests } from './signed-requests.client.ts';

/** The API as an operator uses it. Every method throws ApiRefused with the API's own reason, or ApiUnreachable. */
export class OperatorApi {
  private readonly requests: SignedRequests;

  constructor(access: ApiAccess) {
    this.requests = new SignedRequests(access);
  }

  /** Sent again after a broken connection it is the same game-day. */
  start(request: StartRequest, key: string = randomUUID()) {
    const headers = { 'Idempotency-Key': key };
    return this.ask(startedSchema, { method: 'POST', path: '/game-days', body: request, headers });
  }

  dryRun(request: StartRequest) {
    return this.ask(dryRunSchema, { method: 'POST', path: '/game-days', body: { ...request, dryRun: true } });
  }

  /** Of a game-day or a run: ids of the one are never ids of the other. */
  async stop(id: string, reason: string) {
    const stop = (what: string) =>
      this.ask(stopAskedSchema, { method: 'POST', path: `/${what}/${encodeURIComponent(id)}/stop`, body: { reason } });
    try {
      return await stop('game-days');
    } catch (error) {
      // An id that is too long for a game-day may be a run's.
      const types = ['game-day-not-found', 'input-invalid'];
      if (!(error instanceof ApiRefused && types.includes(error.type))) throw error;
    }
    try {
      return await stop('runs');
    } catch (error) {
      if (!(error instanceof ApiRefused && error.type === 'run-not-found')) throw error;
      throw new ApiRefused(error.status, error.type, `there is no game-day and no run '${id}'`);
    }
  }

  lever() {
    return this.ask(leverStandSchema, { method: 'GET', path: '/safety-lever' });
  }

  moveLever(pulled: boolean, reason: string) {
    return this.ask(leverMoveSchema, { method: 'PUT', path: '/safety-lever', body: { pulled, reason } });
  }

  private async ask<T extends z.ZodType>(schema: T, request: SignedRequest): Promise<z.infer<T>> {
    return schema.parse(await this.requests.send(request));
  }
}
