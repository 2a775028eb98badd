import { z } from 'zod';
import { dataClassSchema } from '../../lambdas/evidence/ledger.ts';
import { excludedWindowSchema, stopConditionsSchema } from '../../lambdas/safety/safety-limits.ts';
import { scenarioIds } from '../../lambdas/scenarios/scenario.ts';
import { appMetricSchema, cloudWatchMetricSchema } from '../../lambdas/signals/cloudwatch-metric.ts';
import { identifier, logGroupName, targetProcessSchema } from '../../lambdas/target/target.ts';
import { placeholderNames, placeholdersIn, unknownPlaceholders } from './placeholders.ts';

/**
 * `faultline.yaml`: everything of a target that its team knows, in one file. Descriptions are noun phrases: an editor
 * shows them, and a mistake is told with the one of the key where it was made.
 */

/** Ids that would take the names of Faultline's own clusters. */
const takenIds = ['load', 'slow-query'];

const idSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/)
  .refine((id) => !takenIds.includes(id), 'it is a name of Faultline itself')
  .meta({ description: "the target's name: small letters, digits and '-', a letter first, at most 31 characters" });

const endpointSchema = z
  .url({ protocol: /^https?$/ })
  .refine(isOrigin, 'it has a path, a query or a login')
  .meta({ description: 'the address of the application, http or https, without a path: http://app.internal:8000' });

const pathSchema = z.string().startsWith('/').max(200);
const hostName = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?$/)
  .meta({ description: 'a host name or an address, without a port: database.internal' });
const portOf = (port: number) =>
  z
    .int()
    .min(1)
    .max(65_535)
    .default(port)
    .meta({ description: `the port at which it is reached, 1 to 65535; ${port} if left out` });

const ecsServiceSchema = z
  .strictObject({
    cluster: z.string().min(1).max(255).meta({ description: 'the name of the ECS cluster' }),
    name: z.string().min(1).max(255).meta({ description: 'the name of the ECS service, which has the opt-in tag' }),
  })
  .meta({ description: 'the ECS service that runs it: cluster and name' });

const databaseSchema = z
  .strictObject({
    service: ecsServiceSchema,
    host: hostName,
    port: portOf(5432),
    name: z.string().min(1).max(63).meta({ description: 'the name of the PostgreSQL database' }),
    secret: z
      .string()
      .min(1)
      .max(2048)
      .meta({ description: 'the secret with its login as { username, password }: name or ARN in Secrets Manager' }),
    tables: z
      .array(identifier.meta({ description: 'a table, with its schema where it needs one, in small letters' }))
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'the tables that a slow query locks, 1 to 10; without them slow-query does not apply' }),
  })
  .meta({ description: 'the PostgreSQL database as an ECS service' });

const cacheSchema = z
  .strictObject({ service: ecsServiceSchema, host: hostName, port: portOf(6379) })
  .meta({ description: 'the Redis cache as an ECS service' });

const hostsSchema = z
  .strictObject({
    tag: z
      .strictObject({
        key: z.string().min(1).max(128).meta({ description: "the tag's key" }),
        value: z.string().min(1).max(256).meta({ description: "the tag's value" }),
      })
      .meta({ description: 'the tag by which SSM finds the hosts: key and value' }),
    process: targetProcessSchema.meta({
      description: "the application's main process: { name: <at most 15 characters> } or { unit: <name>.service }",
    }),
  })
  .meta({ description: 'the managed hosts that the application runs on' });

const of = cloudWatchMetricSchema.shape;

const cloudWatchSchema = z
  .strictObject({
    namespace: of.namespace.meta({ description: "the metric's namespace, such as AWS/ECS" }),
    name: of.name.meta({ description: "the metric's name" }),
    dimensions: of.dimensions.meta({ description: "the metric's dimensions, each with its value; none if left out" }),
    statistic: of.statistic.meta({
      description: 'how a gauge is told: Average, Maximum or Minimum; Maximum if left out. Of a counter it is the sum',
    }),
    periodSeconds: of.periodSeconds.meta({ description: 'its period in seconds: 1, 5, 10, 30 or 60; 60 if left out' }),
  })
  .meta({ description: 'a metric of CloudWatch: namespace, name, dimensions, statistic, periodSeconds' });

const series = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/);

const metricsSchema = z
  .strictObject({
    prometheus: z
      .strictObject({
        path: pathSchema.meta({ description: "the path of the application's Prometheus metrics, from '/' on" }),
        series: z
          .partialRecord(appMetricSchema, series.meta({ description: 'the name of a Prometheus series' }))
          .meta({ description: 'which series is which signal' }),
      })
      .optional()
      .meta({ description: "the application's Prometheus metrics" }),
    cloudwatch: z
      .partialRecord(appMetricSchema, cloudWatchSchema)
      .default({})
      .meta({ description: 'which metric of CloudWatch is which signal' }),
  })
  .refine(
    ({ prometheus, cloudwatch }) => Object.keys(cloudwatch).every((name) => !(name in (prometheus?.series ?? {}))),
    'a signal comes from one source: prometheus or cloudwatch',
  )
  .meta({ description: "where the application's own figures are" });

const readbackSchema = z
  .strictObject({
    path: z.string().startsWith('/').includes('{key}').max(300).meta({
      description: "the path with {key} in it that answers 200 where the record is there, 404 where it isn't",
    }),
    label: z.string().min(1).max(60).meta({ description: 'what the report calls these records' }),
  })
  .meta({ description: 'how an acknowledged write is read back: path and label' });

const rtoSeconds = z.int().min(1).max(3600).meta({ description: 'seconds within which it has to be back, 1 to 3600' });
const rpoSeconds = (usual: number) =>
  z
    .int()
    .min(1)
    .max(86_400)
    .default(usual)
    .meta({ description: `seconds of data that may be lost, 1 to 86400; ${usual} if left out` });

const targetsSchema = z
  .strictObject({
    rtoSeconds: z
      .partialRecord(z.enum(scenarioIds), rtoSeconds)
      .default({})
      .meta({ description: 'the RTO of scenarios, where it is not the usual one' }),
    rpoSeconds: z
      .strictObject({ users: rpoSeconds(900), transactions: rpoSeconds(300), sessions: rpoSeconds(60) })
      .prefault({})
      .meta({ description: 'the RPO of each class of data' }),
  })
  .prefault({})
  .meta({ description: 'the recovery targets: RTO and RPO' });

const backupSchema = z
  .union([
    z.strictObject({
      resourceArn: z.string().startsWith('arn:').max(2048),
      maximumAgeSeconds: z.int().min(1).optional(),
    }),
    z.strictObject({ hook: z.string().regex(/^faultline-backup-[A-Za-z0-9-_]{1,47}$/) }),
  ])
  .meta({ description: '{ resourceArn: arn:…, maximumAgeSeconds } for AWS Backup, or { hook: faultline-backup-… }' });

const programText = z.string().min(1).max(4000);

const localServiceSchema = (image: string, known: RegExp) =>
  z
    .strictObject({
      image: z
        .string()
        .regex(known)
        .default(image)
        .meta({ description: `the image; the local run knows ${image} and its other versions by that name` }),
      arguments: z
        .array(programText.meta({ description: 'an argument of the server' }))
        .max(50)
        .default([])
        .meta({ description: "the server's arguments" }),
    })
    .meta({ description: 'how it is started on this machine: {}, or its image and arguments' });

const localSchema = z
  .strictObject({
    application: z
      .strictObject({
        command: z
          .array(programText.meta({ description: 'the program or one of its arguments' }))
          .min(1)
          .max(100)
          .meta({ description: "the program and its arguments, from this file's folder: [node, server.js]" }),
        port: z.int().min(1).max(65_535).meta({ description: 'the port it listens on, 1 to 65535' }),
        environment: z
          .record(
            z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/),
            z
              .string()
              .max(4000)
              .refine((text) => unknownPlaceholders(text).length === 0, {
                error: ({ input }) => `there is no ${unknownPlaceholders(String(input))[0]}`,
              })
              .meta({ description: `a text, in which these are filled in: ${placeholderNames.join(', ')}` }),
          )
          .default({})
          .meta({ description: 'environment variables: names of letters, digits and _, and texts' }),
        startSeconds: z
          .int()
          .min(1)
          .max(600)
          .default(60)
          .meta({ description: 'the seconds within which it becomes healthy, 1 to 600; 60 if left out' }),
      })
      .meta({ description: 'the application' }),
    database: localServiceSchema('postgres:18', /^postgres(:[\w.-]+)?$/).optional(),
    cache: localServiceSchema('redis:7', /^redis(:[\w.-]+)?$/).optional(),
  })
  .meta({ description: 'how a run on this machine starts the target; nothing of it is used elsewhere' });

export const configSchema = z
  .strictObject({
    id: idSchema,
    endpoint: endpointSchema,
    health: z
      .strictObject({
        path: pathSchema.meta({ description: "the path of the health check, from '/' on" }),
        timeoutMs: z
          .int()
          .min(100)
          .max(10_000)
          .default(900)
          .meta({ description: 'the milliseconds within which it answers, 100 to 10000; 900 if left out' }),
      })
      .meta({ description: 'the health check: its path, and how long it may take' }),
    load: z
      .strictObject({
        files: z
          .array(
            z
              .string()
              .max(200)
              .regex(/^(?!\/)(?!.*\.\.)[^,\0]+\.py$/)
              .meta({ description: 'a Locust file (.py) in the folder of this file or below it, as it is' }),
          )
          .min(1)
          .max(10)
          .meta({ description: 'Locust files, 1 to 10' }),
      })
      .meta({ description: 'the load: Locust files, none of which has to be changed' }),
    database: databaseSchema.optional(),
    cache: cacheSchema.optional(),
    hosts: hostsSchema.optional(),
    metrics: metricsSchema.optional(),
    readback: z
      .partialRecord(dataClassSchema, readbackSchema)
      .default({})
      .meta({ description: 'how acknowledged writes of a class are read back: users, transactions, sessions' }),
    logs: z
      .array(logGroupName.meta({ description: 'the name of a CloudWatch log group' }))
      .max(10)
      .default([])
      .meta({ description: 'CloudWatch log groups whose lines around a fault are kept, at most 10' }),
    thresholds: stopConditionsSchema.prefault({}).meta({
      description: 'what ends a run before its time: errorRate, p95, alarms, maximumSeconds',
    }),
    targets: targetsSchema,
    blastRadius: z
      .strictObject({
        services: z.int().min(1).max(10).default(1).meta({ description: 'the most services that a run hits, 1 to 10' }),
        hosts: z.int().min(1).max(50).default(1).meta({ description: 'the most hosts that a run hits, 1 to 50' }),
      })
      .prefault({})
      .meta({ description: 'how much a single run may hit' }),
    excludedWindows: z
      .array(
        excludedWindowSchema.meta({
          description: '{ days: [Mon, …], from: HH:MM, to: HH:MM, timeZone: Europe/Berlin }',
        }),
      )
      .max(50)
      .default([])
      .meta({ description: 'parts of the week in which no run may be, at most 50' }),
    backup: backupSchema.optional(),
    requireBackup: z
      .boolean()
      .default(false)
      .meta({ description: 'whether nothing is run without a backup: true or false' }),
    local: localSchema.optional(),
  })
  .superRefine(({ database, cache, local }, context) => {
    if (!local) return;
    const parts = { database, cache };
    for (const [variable, text] of Object.entries(local.application.environment)) {
      const lacking = placeholdersIn(text).find((name) => partOf(name) in parts && parts[partOf(name)] === undefined);
      const path = ['local', 'application', 'environment', variable];
      if (lacking)
        problem(context, path, `is not to be filled in: \${${lacking}}, and the target has no ${partOf(lacking)}`);
    }
    for (const [name, part] of Object.entries(parts)) {
      const started = local[name as 'database' | 'cache'];
      if (part && !started) problem(context, ['local', name], `is missing, and the target has a ${name}`);
      if (!part && started) problem(context, ['local', name], `is of no use: the target has no ${name}`);
    }
  })
  .meta({ title: 'Faultline target', description: 'a target of Faultline' });

export type FaultlineConfig = z.infer<typeof configSchema>;

/** The JSON Schema for editors: `docs/faultline.schema.json`. */
export const configJsonSchema = () => z.toJSONSchema(configSchema, { io: 'input' });

const partOf = (placeholder: string) => placeholder.split('.')[0] as 'database' | 'cache';

function problem(context: z.RefinementCtx, path: string[], message: string): void {
  context.addIssue({ code: 'custom', path, message, input: undefined });
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  // What is no address at all has been told already.
  return url === null || (url.pathname === '/' && !url.search && !url.hash && !url.username);
}
