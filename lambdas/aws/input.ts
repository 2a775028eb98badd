import type { z } from 'zod';
import { inOneLine } from './one-line.ts';

/** A step was called with what it does not take; the message says in a line which field and why. */
export class InputInvalid extends Error {
  constructor(error: z.ZodError) {
    super(describeProblems(error));
    this.name = 'InputInvalid';
  }
}

/** In one line, which field and why. */
export function describeProblems(error: z.ZodError): string {
  const problems = error.issues.map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message));
  return inOneLine(problems.join('; '));
}

/** @throws InputInvalid */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const { success, data, error } = schema.safeParse(input);
  if (!success) throw new InputInvalid(error);
  return data;
}
