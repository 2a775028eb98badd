import type { z } from 'zod';
import { describeProblems } from '../aws/input.ts';

/** The API answered something that this version does not understand. */
export class AnswerNotUnderstood extends Error {
  constructor(error: z.ZodError) {
    super(`the API's answer is of another version than this (${describeProblems(error)}); use the deployment's own`);
    this.name = 'AnswerNotUnderstood';
  }
}

/**
 * What an answer says to this version: what a later one says beside it is left out, also where a schema is strict.
 * @throws AnswerNotUnderstood where something else is missing or different
 */
export function understood<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const first = schema.safeParse(answer);
  if (first.success) return first.data;
  const known = structuredClone(answer);
  for (const issue of first.error.issues) {
    if (issue.code !== 'unrecognized_keys') throw new AnswerNotUnderstood(first.error);
    const holder = issue.path.reduce<unknown>((of, key) => (of as Record<PropertyKey, unknown>)[key], known);
    for (const key of issue.keys) delete (holder as Record<string, unknown>)[key];
  }
  const second = schema.safeParse(known);
  if (!second.success) throw new AnswerNotUnderstood(second.error);
  return second.data;
}
