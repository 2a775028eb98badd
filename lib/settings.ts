import type { Node } from 'constructs';
import { z } from 'zod';
import { describeProblems } from '../lambdas/aws/input.ts';
import { targetIdSchema } from '../lambdas/target/target.ts';

/** The context is not usable; the message is one line and names each setting. */
export class SettingsInvalid extends Error {
  constructor(problems: string) {
    super(`settings (-c name=value, see docs/deploying.md): ${problems}`);
    this.name = 'SettingsInvalid';
  }
}

const targetId = targetIdSchema
  .refine((id) => id !== 'load', "'load' is the load generator's")
  .refine((id) => id !== 'slow-query', "'slow-query' is a fault's");

const listOf = <T extends z.ZodType<unknown, string>>(item: T) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(item));

const yesNo = z.enum(['yes', 'no']).transform((answer) => answer === 'yes');

const subnet = z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'the id of a subnet, such as subnet-0a1b2c3d');

/** `orders=arn:…,payments=arn:…`: own targets by their ids, each with the secret that has its database's login. */
const logins = z
  .string()
  .transform((text) =>
    text.split(',').map((pair) => {
      const [id = '', loginArn = ''] = pair.split('=');
      return { targetId: id, loginArn };
    }),
  )
  .pipe(
    z.array(
      z.object({
        targetId,
        loginArn: z
          .string()
          .regex(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$/, "a secret's complete ARN"),
      }),
    ),
  );

/** What `cdk deploy -c name=value` may say, by name. docs/deploying.md has a row for each. */
export const settingsSchema = z.object({
  mode: z.enum(['aws', 'local']).default('aws'),
  /** Ids of the sample targets, separated by commas; `none` where there is no sample application. */
  targets: z
    .string()
    .default('sample')
    .transform((ids) => (ids === 'none' ? [] : ids.split(',')))
    .pipe(z.array(targetId).refine((ids) => new Set(ids).size === ids.length, 'an id is there twice')),
  /** Switches that turn good behaviours of the sample application off; see docs/sample-app.md. */
  fragile: z.string().default(''),
  /** Where the sample application runs. Default: a host in an account, a service on an emulator. */
  appOn: z.enum(['service', 'host']).optional(),
  /** The sample's cache keeps what it has through a restart. Default: yes in an account, no on an emulator. */
  durableCache: yesNo.optional(),
  /** Why it is no host, for the report, where one was wanted and could not be had. */
  hostless: z.string().max(300).optional(),
  /** Locust workers of a run. */
  workers: z.coerce.number().int().min(1).max(200).default(2),
  /** Workers on spare capacity. */
  spot: yesNo.default(false),
  /** A .py file, a folder, a zip, or s3://bucket/key of one. */
  locustFile: z.string().min(1).optional(),
  /** Which subnets the load comes from. */
  loadFrom: z.enum(['private', 'public']).default('private'),
  /** Repositories of this account's registry that have the images already: `<images>/locust` and so on. */
  images: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]{0,200}$/, 'the beginning of the names of ECR repositories')
    .optional(),
  /** Own targets. */
  logins: logins.default([]),
  /** The VPC of own targets. */
  vpc: z
    .string()
    .regex(/^vpc-[0-9a-f]{8,17}$/, 'the id of a VPC, such as vpc-0a1b2c3d')
    .optional(),
  /** In it, the subnets from which the targets can be reached. */
  subnets: listOf(subnet).optional(),
  /** In it, the subnets of the load, where those are others. */
  loadSubnets: listOf(subnet).optional(),
  /** Whether to make the endpoints that those subnets need to reach AWS. */
  endpoints: yesNo.default(false),
  /** The addresses of that VPC, which those endpoints let in. */
  vpcCidr: z.cidrv4('addresses such as 10.0.0.0/16').optional(),
  /** Name of the managed policy that every role made here is bounded by. */
  permissionsBoundary: z
    .string()
    .regex(/^[\w+=,.@/-]{1,128}$/, 'the name of a managed policy')
    .optional(),
  /** `dry-run`: whatever asks for a start is told what it would do, and nothing is ever started. */
  starts: z.enum(['real', 'dry-run']).default('real'),
  /** Where the operators' runbook can be read, which alarms link to. */
  runbook: z.string().default('docs/runbook.md'),
  /** Where operators reach S3, where it is not where Lambdas do: of an emulator, its address outside. */
  downloadEndpoint: z.url().optional(),
  /** A faultline.yaml whose target is started on an emulator, in place of the sample targets. */
  config: z.string().min(1).optional(),
  /** Of its database, which goes away with the emulator. */
  password: z.string().min(8).max(100).optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

const whole = settingsSchema
  .refine(({ config, mode, password }) => config === undefined || (mode === 'local' && password !== undefined), {
    path: ['config'],
    error: "a configuration's target is started on an emulator alone: say mode=local and a password",
  })
  .refine(({ vpc, subnets }) => (vpc === undefined) === (subnets === undefined), {
    path: ['vpc'],
    error: 'vpc and subnets belong together; only one of them is set',
  })
  .refine(({ vpc, targets }) => vpc === undefined || targets.length === 0, {
    path: ['targets'],
    error: 'the sample application has a network of its own; with vpc, say targets=none',
  })
  .refine(({ vpc, targets }) => vpc !== undefined || targets.length > 0, {
    path: ['targets'],
    error: 'without the sample application, say where your own targets are: vpc and subnets',
  })
  .refine(({ vpc, loadFrom, loadSubnets }) => vpc === undefined || loadFrom === 'private' || loadSubnets, {
    path: ['loadSubnets'],
    error: 'loadFrom=public in your own VPC needs its public subnets',
  })
  .refine(({ endpoints, vpcCidr }) => !endpoints || vpcCidr !== undefined, {
    path: ['vpcCidr'],
    error: "endpoints=yes needs the VPC's addresses: an endpoint answers for all of it",
  });

/** @throws SettingsInvalid */
export function readSettings(node: Node): Settings {
  const given = Object.keys(settingsSchema.shape).map((key): [string, unknown] => [key, node.tryGetContext(key)]);
  const { data, error } = whole.safeParse(Object.fromEntries(given));
  if (error) throw new SettingsInvalid(describeProblems(error));
  return data;
}
