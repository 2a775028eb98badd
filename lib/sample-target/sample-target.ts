import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Cluster, ContainerInsights, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Effect, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Target } from '../../lambdas/target/target.ts';
import type { Network } from '../network/network.ts';
import { NamedService } from './named-service.ts';
import { sampleMetrics } from './sample-metrics.ts';

const loginName = 'faultline/sample/database';

export interface SampleTargetProps {
  network: Network;
  /** Switches that turn good behaviours of the application off; see docs/sample-app.md. */
  fragile: string;
}

/** The sample application with its database and cache, and the configuration that describes it as a target. */
export class SampleTarget extends Construct {
  readonly parameter: StringParameter;
  readonly cluster: Cluster;
  private readonly login: Secret;
  private readonly dependencies: NamedService[];

  constructor(scope: Construct, id: string, { network, fragile }: SampleTargetProps) {
    super(scope, id);
    const { vpc } = network;
    this.cluster = new Cluster(this, 'Cluster', {
      vpc,
      clusterName: 'faultline-sample',
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const namespace = new PrivateDnsNamespace(this, 'Namespace', { vpc, name: 'faultline.internal' });
    this.login = new Secret(this, 'DatabaseLogin', {
      secretName: loginName,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'sample' }),
        generateStringKey: 'password',
        excludePunctuation: true,
      },
    });
    const common = { cluster: this.cluster, namespace };

    const database = new NamedService(this, 'Database', {
      ...common,
      name: 'database',
      image: 'postgres:18',
      port: 5432,
      securityGroup: network.securityGroup('DatabaseTraffic', 'PostgreSQL and its files', [5432, 2049]),
      dataPath: '/var/lib/postgresql',
      container: {
        // Within this, fast shutdown (the image's SIGINT) ends every session and writes a checkpoint.
        stopTimeout: Duration.seconds(30),
        environment: { POSTGRES_DB: 'sample' },
        secrets: {
          POSTGRES_USER: EcsSecret.fromSecretsManager(this.login, 'username'),
          POSTGRES_PASSWORD: EcsSecret.fromSecretsManager(this.login, 'password'),
        },
      },
    });
    const cache = new NamedService(this, 'Cache', {
      ...common,
      name: 'cache',
      image: 'redis:7',
      port: 6379,
      securityGroup: network.securityGroup('CacheTraffic', 'Redis', [6379]),
      container: { stopTimeout: Duration.seconds(10) },
    });
    const app = new NamedService(this, 'App', {
      ...common,
      name: 'app',
      image: 'faultline/sample-app:latest',
      port: 8000,
      securityGroup: network.securityGroup('AppTraffic', 'HTTP', [8000]),
      container: {
        stopTimeout: Duration.seconds(10),
        environment: {
          PORT: '8000',
          DATABASE_URL: `postgres://${database.host}:${database.port}/sample`,
          REDIS_URL: `redis://${cache.host}:${cache.port}`,
          FRAGILE: fragile,
        },
        secrets: {
          PGUSER: EcsSecret.fromSecretsManager(this.login, 'username'),
          PGPASSWORD: EcsSecret.fromSecretsManager(this.login, 'password'),
        },
      },
    });
    this.dependencies = [database, cache];
    this.parameter = new StringParameter(this, 'Configuration', {
      parameterName: '/faultline/targets/sample',
      stringValue: Stack.of(this).toJsonString({
        id: 'sample',
        endpoint: `http://${app.host}:${app.port}`,
        health: { path: '/health', timeoutMs: 900 },
        database: { ...this.at(database), secretId: this.login.secretArn, name: 'sample' },
        cache: this.at(cache),
        metrics: { path: '/metrics', series: sampleMetrics },
        readback: {
          users: { path: '/users/{key}', label: 'User Data' },
          transactions: { path: '/whispers/{key}', label: 'Transactions' },
          sessions: { path: '/sessions/{key}', label: 'Session Data' },
        },
        rpoSeconds: { users: 900, transactions: 300, sessions: 60 },
      } satisfies Target),
    });
  }

  grantReadConfiguration(grantee: IGrantable): void {
    this.parameter.grantRead(grantee);
  }

  grantDatabaseLogin(grantee: IGrantable): void {
    // By name and the six characters that AWS appends to it: the emulator's Ref of a secret is no ARN.
    const secret = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${loginName}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow(grantee, ['secretsmanager:GetSecretValue'], [secret]);
  }

  grantDescribe(grantee: IGrantable): void {
    this.allow(grantee, ['ecs:DescribeServices'], this.serviceArns());
    this.allow(grantee, ['application-autoscaling:DescribeScalableTargets'], ['*']);
  }

  /** The right to scale the database's and the cache's service, and no other. */
  grantScale(grantee: IGrantable): void {
    this.grantDescribe(grantee);
    this.allow(grantee, ['ecs:UpdateService'], this.serviceArns());
    const { partition, region, account } = Stack.of(this);
    this.allow(
      grantee,
      ['application-autoscaling:RegisterScalableTarget'],
      [`arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*`],
    );
  }

  private serviceArns(): string[] {
    return this.dependencies.map(({ service }) => this.serviceArn(service.serviceName));
  }

  private serviceArn(name: string): string {
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'service',
      resourceName: `${this.cluster.clusterName}/${name}`,
    });
  }

  private allow(grantee: IGrantable, actions: string[], resources: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources }));
  }

  private at({ service, host, port }: NamedService) {
    return { cluster: this.cluster.clusterName, service: service.serviceName, host, port };
  }
}
