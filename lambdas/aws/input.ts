import type { z } from 'zod';

/** A step was called with what it does not take; the message says in a line which field and why. */
export class InputInvalid extends Error {
  constructor(error: z.ZodError) {
    const problems = error.issues.map(({ path, message }) => (path.length ? `${path.join('.')}: ${message}` : message));
    super(problems.join('; '));
    this.name = 'InputInvalid';
  }
}

/** @throws InputInvalid */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.infer<T> {
  const { success, data, error } = schema.safeParse(input);
  if (!success) throw new InputInvalid(error);
  return data;
}
