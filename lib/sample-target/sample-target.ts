import { ArnFormat, Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Cluster, ContainerInsights, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { z } from 'zod';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';
import type { targetSchema } from '../../lambdas/target/target.ts';
import { backupHooks } from '../backup/backup-hooks.ts';
import type { ImageName, Images } from '../images/images.ts';
import type { Mode } from '../mode.ts';
import type { Network } from '../network/network.ts';
import type { TargetRights } from '../targets/targets.ts';
import { targetsPath } from '../targets/targets-path.ts';
import { NamedService } from './named-service.ts';
import { SampleHost } from './sample-host.ts';
import { sampleMetrics } from './sample-metrics.ts';

/** Where the application runs: as an ECS service, or on a managed host: an instance, or the emulator's own. */
export type AppOn = 'service' | 'host';

/** What tells the hosts of a target from all others. */
const hostTag = (targetId: string) => ({ key: 'faultline:target', value: targetId });

export interface SampleTargetProps {
  /** The target's id, in the names of all that it has; `sample` has the short names that came first. */
  targetId: string;
  mode: Mode;
  network: Network;
  images: Images;
  namespace: PrivateDnsNamespace;
  /** Switches that turn good behaviours of the application off; see docs/sample-app.md. */
  fragile: string;
  appOn: AppOn;
  /** The cache keeps what it has through a restart, as a database does. */
  durableCache: boolean;
  /** Why it is no host, where one was wanted and could not be had. */
  hostless?: string;
}

/** The sample application with its database and cache, and the configuration that describes it as a target. */
export class SampleTarget extends Construct implements TargetRights {
  readonly targetId: string;
  /** The database's login. */
  readonly login: ISecret;
  /** Its ARN for policies, by name and the six characters that AWS appends: the emulator's Ref of a secret is no ARN. */
  readonly loginArn: string;
  /** Of the log groups of the application, the database and the cache. An application on a host delivers to its own. */
  readonly logArn: string;
  private readonly cluster: Cluster;

  constructor(
    scope: Construct,
    id: string,
    { mode, targetId, network, images, namespace, fragile, appOn, durableCache, hostless }: SampleTargetProps,
  ) {
    super(scope, id);
    this.targetId = targetId;
    const prefix = targetId === 'sample' ? '' : `${targetId}-`;
    const loginName = `faultline/${targetId}/database`;
    const group = (name: string, description: string, ports: number[]) =>
      network.securityGroup(`${prefix}${name}`, description, ports);
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      clusterName: `faultline-${targetId}`,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const login = new Secret(this, 'DatabaseLogin', {
      secretName: loginName,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'sample' }),
        generateStringKey: 'password',
        excludePunctuation: true,
      },
    });
    this.login = login;
    const common = { cluster: this.cluster, namespace, subnets: network.subnets };
    const image = (name: ImageName) => (definition: Construct) => images.of(definition, name);
    const logFolder = `/faultline/${targetId}/`;
    const logGroup = (name: string) =>
      new LogGroup(this, `${name}Logs`, {
        logGroupName: `${logFolder}${name.toLowerCase()}`,
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    const logs = { app: logGroup('App'), database: logGroup('Database'), cache: logGroup('Cache') };

    const database = new NamedService(this, 'Database', {
      ...common,
      name: `${prefix}database`,
      logGroup: logs.database,
      image: image('postgres'),
      port: 5432,
      securityGroup: group('DatabaseTraffic', 'PostgreSQL and its files', [5432, 2049]),
      dataPath: '/var/lib/postgresql',
      container: {
        // Within this, fast shutdown (the image's SIGINT) ends every session and writes a checkpoint.
        stopTimeout: Duration.seconds(30),
        environment: { POSTGRES_DB: 'sample' },
        secrets: {
          POSTGRES_USER: EcsSecret.fromSecretsManager(login, 'username'),
          POSTGRES_PASSWORD: EcsSecret.fromSecretsManager(login, 'password'),
        },
      },
    });
    const cache = new NamedService(this, 'Cache', {
      ...common,
      name: `${prefix}cache`,
      logGroup: logs.cache,
      image: image('redis'),
      port: 6379,
      securityGroup: durableCache
        ? group('CacheTraffic', 'Redis and its files', [6379, 2049])
        : group('CacheTraffic', 'Redis', [6379]),
      container: {
        stopTimeout: Duration.seconds(10),
        ...(durableCache && { command: ['redis-server', '--appendonly', 'yes'] }),
      },
      ...(durableCache && { dataPath: '/data' }),
    });
    const app = { name: `${prefix}app`, port: 8000 };
    const environment = {
      PORT: String(app.port),
      DATABASE_URL: `postgres://${database.host}:${database.port}/sample`,
      REDIS_URL: `redis://${cache.host}:${cache.port}`,
      FRAGILE: fragile,
    };
    const appTraffic = () => group('AppTraffic', 'HTTP', [app.port]);
    if (appOn === 'service') {
      new NamedService(this, 'App', {
        ...common,
        ...app,
        logGroup: logs.app,
        image: image('sample-app'),
        securityGroup: appTraffic(),
        container: {
          stopTimeout: Duration.seconds(10),
          environment,
          secrets: {
            PGUSER: EcsSecret.fromSecretsManager(login, 'username'),
            PGPASSWORD: EcsSecret.fromSecretsManager(login, 'password'),
          },
        },
      });
    } else if (mode === 'aws') {
      // The emulator's managed host is no instance of a stack: whoever runs it there registers its name.
      new SampleHost(this, 'Host', {
        ...app,
        namespace,
        network,
        securityGroup: appTraffic(),
        login,
        logGroup: logs.app,
        environment,
        tag: hostTag(targetId),
      });
    }
    for (const { service } of [database, cache]) Tags.of(service).add(optInTag.key, optInTag.value);
    this.logArn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${logFolder}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.loginArn = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${loginName}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    new StringParameter(this, 'Configuration', {
      parameterName: `${targetsPath}${targetId}`,
      stringValue: Stack.of(this).toJsonString({
        id: targetId,
        // The same name on a host: whoever runs it there registers it.
        endpoint: `http://${app.name}.${namespace.namespaceName}:${app.port}`,
        health: { path: '/health', timeoutMs: 900 },
        load: { files: ['sample/locustfile.py'] },
        database: {
          ...this.at(database),
          secretId: login.secretArn,
          name: 'sample',
          tables: ['stories', 'users', 'whispers'],
        },
        cache: this.at(cache),
        ...(appOn === 'host' && { hosts: { tag: hostTag(targetId), process: { name: 'sample-app' } } }),
        hostless,
        metrics: { path: '/metrics', series: sampleMetrics },
        readback: {
          users: { path: '/users/{key}', label: 'User Data' },
          transactions: { path: '/whispers/{key}', label: 'Transactions' },
          sessions: { path: '/sessions/{key}', label: 'Session Data' },
        },
        backup: { hook: backupHooks.databaseDump },
        logs: Object.values(logs).map((group) => group.logGroupName),
        rpoSeconds: { users: 900, transactions: 300, sessions: 60 },
      } satisfies z.input<typeof targetSchema>),
    });
  }

  private at({ service, host, port }: NamedService) {
    return { cluster: this.cluster.clusterName, service: service.serviceName, host, port };
  }
}
