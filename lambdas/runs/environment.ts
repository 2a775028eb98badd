import { z } from 'zod';

/** The environment variables that constructs set and handlers read: one list for both sides. */
const variables = {
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
  /** SSM path below which every target's configuration is, by its id. */
  TARGETS_PATH: z.string().startsWith('/').endsWith('/'),
  FAULTLINE_MODE: z.enum(['local', 'aws']),
  LOAD_COMMAND: z.string().min(1),
  FAULTLINE_VERSION: z.string().min(1),
  /** ARN of the scenarios' executions, up to the scenario's id. */
  SCENARIO_EXECUTIONS: z.string().startsWith('arn:'),
  LOAD_CLUSTER: z.string().min(1),
  LOAD_MASTER_TASK: z.string().min(1),
  LOAD_WORKER_TASK: z.string().min(1),
  LOAD_WORKERS: z.coerce.number().int().min(1).max(200),
  LOAD_WORKER_CAPACITY: z.enum(['FARGATE', 'FARGATE_SPOT']),
  LOAD_SUBNETS: z.string().min(1),
  LOAD_PUBLIC_IP: z.enum(['ENABLED', 'DISABLED']),
  LOAD_SECURITY_GROUP: z.string().min(1),
  SLOW_QUERY_CLUSTER: z.string().min(1),
  SLOW_QUERY_FAMILY: z.string().min(1),
  SLOW_QUERY_SUBNETS: z.string().min(1),
  SLOW_QUERY_SECURITY_GROUP: z.string().min(1),
  /** Where hosts reach S3, where that is not where Lambdas do. */
  UPLOAD_ENDPOINT: z.url().optional(),
  TOPIC_ARN: z.string().min(1),
  /** Lambda's own. */
  AWS_REGION: z.string().min(1),
  DASHBOARD_NAME: z.string().min(1),
  CLEAN_UP_MACHINE: z.string().min(1),
  GAME_DAY_MACHINE: z.string().min(1),
  /** `dry-run`: whatever asks for a start is told what it would do, and nothing is done. */
  STARTS: z.enum(['real', 'dry-run']).default('real'),
  /** Where operators reach S3, where that is not where Lambdas do. */
  DOWNLOAD_ENDPOINT: z.url().optional(),
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_MACHINE: z.string().startsWith('arn:'),
  SCHEDULE_ROLE: z.string().startsWith('arn:'),
  SCHEDULE_DEAD_LETTERS: z.string().startsWith('arn:'),
} as const;

export type VariableName = keyof typeof variables;

/**
 * Reads the named variables.
 * @throws Error that names every variable which is missing or malformed.
 * @example const { TABLE_NAME } = environment('TABLE_NAME');
 */
export function environment<N extends VariableName>(...names: N[]): { [K in N]: z.infer<(typeof variables)[K]> } {
  const picked = Object.fromEntries(names.map((n) => [n, variables[n]]));
  const result = z.object(picked).safeParse(process.env);
  if (!result.success) {
    throw new Error(`environment: ${result.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ')}`);
  }
  return result.data as { [K in N]: z.infer<(typeof variables)[K]> };
}
