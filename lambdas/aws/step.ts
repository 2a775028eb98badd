import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { runIdSchema } from '../runs/run.ts';
import { type RunContext, runContext, type Services, services } from '../runs/run-context.ts';
import { whileLeased } from '../safety/heartbeat.ts';
import { parseInput } from './input.ts';
import { logger } from './logger.ts';
import { namedErrors } from './named-errors.ts';

let shared: Services | null = null;

/** The clients of this execution environment, made at the first use so that importing a handler needs no environment. */
export function sharedServices(): Services {
  shared ??= services();
  return shared;
}

/** What a step that may take several Lambda invocations tells its state machine. */
export interface SliceResult {
  status: 'continue' | 'done' | 'stop';
  reason?: string;
}

/**
 * A Lambda that is one state of a state machine: its input is parsed by `schema`, its errors reach the machine
 * by name, which decides there what is retried and what is caught.
 * @throws InputInvalid
 */
export function step<T extends z.ZodType, R>(schema: T, work: (input: z.infer<T>, shared: Services) => Promise<R>) {
  return middy()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(namedErrors())
    .handler(async (event: unknown): Promise<R> => {
      const input = parseInput(schema, event);
      logger.appendKeys(logKeys(input));
      return work(input, sharedServices());
    });
}

const runInput = z.object({ runId: runIdSchema });

type RunWork<R, S extends z.ZodRawShape> = (run: RunContext, input: z.infer<z.ZodObject<S>>) => Promise<R>;

/** A step that conducts one run: for as long as it is at work, it keeps the run's lease alive. */
export const runStep = <R, S extends z.ZodRawShape>(shape: S, work: RunWork<R, S>) =>
  stepOfRun(shape, (context, input: z.infer<z.ZodObject<S>>) => whileLeased(context, () => work(context, input)));

/**
 * A step that only looks on while others conduct the run. The lease is left to them: a run that stands still is to be
 * noticed, however long it is looked at.
 */
export const onlookingStep = <R, S extends z.ZodRawShape>(shape: S, work: RunWork<R, S>) => stepOfRun(shape, work);

function stepOfRun<R, S extends z.ZodRawShape>(shape: S, work: RunWork<R, S>) {
  return step(runInput.extend(shape), async (input, deps) => {
    const context = await runContext(deps, (input as { runId: string }).runId);
    return work(context, input as unknown as z.infer<z.ZodObject<S>>);
  });
}

function logKeys(input: unknown): Record<string, string> {
  const { runId, gameDayId } = (input ?? {}) as { runId?: string; gameDayId?: string };
  return { ...(runId && { runId }), ...(gameDayId && { gameDayId }) };
}
