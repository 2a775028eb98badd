import type { RunContext } from '../runs/run-context.ts';
import { stopConditions } from './stop-conditions.ts';
import { stopReason } from './stop-reason.ts';

/**
 * What every wait of a run asks, again and again: must the run stop now, and why? A person's request comes first, then
 * the conditions of the target's owner.
 */
export function guard(context: RunContext): () => Promise<string | null> {
  const conditions = stopConditions(context);
  return async () => (await stopReason(context)) ?? conditions();
}
