import { z } from 'zod';
import { dataClassSchema } from '../evidence/ledger.ts';
import { safetySchema } from '../safety/safety-limits.ts';
import { scenarioIds } from '../scenarios/scenario.ts';
import { signalsSchema } from '../signals/cloudwatch-metric.ts';

const ecsService = z.object({
  cluster: z.string().min(1).max(255),
  service: z.string().min(1).max(255),
  /** DNS name and port at which the service is reached. */
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
});

/** An unquoted SQL identifier, with its schema where it needs one. */
export const identifier = z.string().regex(/^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/);

/** The application's main process, by its name as in /proc/<pid>/comm or by its systemd unit. */
export const targetProcessSchema = z.union([
  z.strictObject({ name: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/) }),
  z.strictObject({ unit: z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\.service$/) }),
]);
export type TargetProcess = z.infer<typeof targetProcessSchema>;

const hostsSchema = z.strictObject({
  /** SSM Run Command reaches the managed nodes that have this tag. */
  tag: z.strictObject({ key: z.string().min(1).max(128), value: z.string().min(1).max(256) }),
  process: targetProcessSchema,
});

/**
 * Where the backup of the database comes from: AWS Backup's recovery points of this resource, none older than
 * `maximumAgeSeconds` (where nothing is said, the target's strictest RPO), or a Lambda that makes one.
 */
const backupSchema = z.union([
  z.strictObject({
    resourceArn: z.string().startsWith('arn:').max(2048),
    maximumAgeSeconds: z.int().min(1).optional(),
  }),
  z.strictObject({ hook: z.string().regex(/^faultline-backup-[A-Za-z0-9-_]{1,47}$/) }),
]);
export type BackupSource = z.infer<typeof backupSchema>;

export const logGroupName = z.string().regex(/^[A-Za-z0-9._/#-]{1,512}$/, 'the name of a log group');

/** A Locust file as the load generator's tasks have it: its path in the folder that they are given. */
export const locustFileSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*(\/[A-Za-z0-9_][A-Za-z0-9_-]*)*\.py$/);

export const targetIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** The system under test. It is configuration: nothing in the product knows the sample application. */
export const targetSchema = z.strictObject({
  id: targetIdSchema,
  endpoint: z.url({ protocol: /^https?$/ }),
  health: z.strictObject({ path: z.string().startsWith('/').max(200), timeoutMs: z.int().min(100).max(10_000) }),
  /** The users that put it under load: Locust files, each as it is; what records them stands beside them. */
  load: z.strictObject({ files: z.array(locustFileSchema).min(1).max(10) }).default({ files: ['locustfile.py'] }),
  /** The secret (its ARN or name) holds `{ username, password }`; it is read at run time and never stored with the evidence. */
  database: ecsService
    .extend({
      secretId: z.string().min(1),
      name: z.string().min(1).max(63),
      /** What a slow query locks. */
      tables: z.array(identifier).min(1).max(10).optional(),
    })
    .nullable(),
  cache: ecsService.nullable(),
  /** The managed hosts on which the application runs; null where it runs on none: host faults do not apply then. */
  hosts: hostsSchema.nullable().default(null),
  /** Why it runs on none, where it would if it could: for the report. */
  hostless: z.string().max(300).optional(),
  /** A Prometheus endpoint of the application and which of its series is which signal. */
  metrics: z
    .strictObject({ path: z.string().startsWith('/').max(200), series: z.record(z.string(), z.string()) })
    .nullable(),
  /** Signals that are metrics of CloudWatch; where the application tells one itself, what it tells counts. */
  signals: signalsSchema.default({}),
  /** How an acknowledged write is read back: a GET that answers 200 (found) or 404 (missing). */
  readback: z.partialRecord(
    dataClassSchema,
    z.strictObject({ path: z.string().includes('{key}').max(300), label: z.string() }),
  ),
  backup: backupSchema.nullable().default(null),
  /** CloudWatch log groups of the application and of what it stands on: their lines around a fault are kept. */
  logs: z.array(logGroupName).max(10).default([]),
  rpoSeconds: z.record(dataClassSchema, z.int().positive()),
  /** In place of the scenarios' own targets, which hold for those that are not here. */
  rtoSeconds: z.partialRecord(z.enum(scenarioIds), z.int().min(1).max(3600)).default({}),
  safety: safetySchema.prefault({}),
});
export type Target = z.infer<typeof targetSchema>;
