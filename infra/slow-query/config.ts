import { z } from 'zod';

const integer = (min: number, max: number) =>
  z.string().regex(/^\d+$/, 'must be a whole number').transform(Number).pipe(z.int().min(min).max(max));

/** An unquoted SQL identifier, with its schema where it has one. */
const table = z
  .string()
  .regex(/^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/, 'must be names of tables, separated by commas');

const environment = z.object({
  /** What the sessions call themselves: whoever ends them finds them by it. Postgres cuts what is longer. */
  FAULTLINE_SESSION_NAME: z
    .string()
    .regex(/^faultline-[a-z0-9-]{1,53}$/, 'must begin with faultline-, at most 63 bytes'),
  FAULTLINE_TABLES: z
    .string()
    .transform((names) => names.split(','))
    .pipe(z.array(table).min(1).max(10)),
  FAULTLINE_SESSIONS: integer(1, 20),
  /** How long one session holds the locks before the next one does. */
  FAULTLINE_HOLD_SECONDS: integer(1, 60),
  /** Epoch seconds: a task that starts later does nothing. */
  FAULTLINE_NOT_AFTER: integer(0, 1e11),
  /** From its start to the end of the last lock, whatever happens. */
  FAULTLINE_SECONDS: integer(1, 4000),
});

export type Config = z.infer<typeof environment>;

/** The environment is not usable; the message is one line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** @throws ConfigError */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(env);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigError(`environment: ${problems.join('; ')}`);
}
