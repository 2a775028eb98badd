import { z } from 'zod';
import { parseFragile } from './fragile.ts';

const integer = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(fallback);

const url = (protocol: RegExp, example: string) => z.url({ protocol, error: `must be a URL such as ${example}` });

const fragile = z
  .string()
  .default('')
  .transform((text, context) => {
    try {
      return parseFragile(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as RangeError).message });
      return z.NEVER;
    }
  });

const environment = z.object({
  PORT: integer(0, 65_535, 8000),
  HOST: z.string().default('0.0.0.0'),
  DATABASE_URL: url(/^postgres(ql)?$/, 'postgres://user:password@host:5432/name'),
  REDIS_URL: url(/^rediss?$/, 'redis://host:6379'),
  FRAGILE: fragile,
  /** Connections for requests; the health check's own comes on top. */
  POOL_SIZE: integer(1, 1000, 10),
  /** Requests that may wait for a connection before others are refused. */
  QUEUE_LIMIT: integer(0, 100_000, 100),
  REQUEST_LIMIT_MS: integer(100, 600_000, 30_000),
  /** Per client address and calendar minute. */
  RATE_LIMIT_PER_MINUTE: integer(1, 10_000_000, 12_000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.infer<typeof environment>;

/** The environment is not usable; the message is one line and holds no value of it (URLs carry passwords). */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads the configuration from environment variables; an empty variable counts as unset.
 * @throws ConfigError
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return given[name] === undefined ? `${name} is required` : `${name}: ${issue.message}`;
  });
  throw new ConfigError(`configuration: ${problems.join('; ')}`);
}
