import { ArnFormat, Duration, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Cluster, ContainerImage, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';
import { localEnvironment, localNames, localOf, localTargetOf, localUser } from '../config/compile.ts';
import type { FaultlineConfig } from '../config/faultline-config.ts';
import type { Network } from '../network/network.ts';
import { NamedService } from '../sample-target/named-service.ts';
import type { TargetRights } from '../targets/targets.ts';
import { targetsPath } from '../targets/targets-path.ts';

export interface LocalTargetProps {
  config: FaultlineConfig;
  /** Of the database that is made for the run and goes away with it. */
  password: string;
  network: Network;
  namespace: PrivateDnsNamespace;
}

/** What a configuration says of a target's parts, as services of an emulator on this machine. */
export class LocalTarget extends Construct implements TargetRights {
  readonly targetId: string;
  readonly login: ISecret;
  readonly loginArn: string;
  readonly logArn: string;

  constructor(scope: Construct, id: string, { config, password, network, namespace }: LocalTargetProps) {
    super(scope, id);
    this.targetId = config.id;
    const local = localOf(config);
    const target = localTargetOf(config);
    const names = localNames(config.id);
    const { vpc } = network;
    const cluster = new Cluster(this, 'Cluster', { vpc, clusterName: names.cluster });
    const login = new Secret(this, 'DatabaseLogin', {
      secretName: names.secret,
      secretObjectValue: {
        username: SecretValue.unsafePlainText(localUser),
        password: SecretValue.unsafePlainText(password),
      },
    });
    this.login = login;
    const service = (part: 'App' | 'Database' | 'Cache', name: string, port: number) => ({
      cluster,
      namespace,
      subnets: network.subnets,
      name,
      port,
      securityGroup: network.securityGroup(`${part}Traffic`, part, [port]),
      logGroup: new LogGroup(this, `${part}Logs`, {
        logGroupName: names.logs(part.toLowerCase()),
        retention: RetentionDays.ONE_WEEK,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    const stopTimeout = Duration.seconds(10);
    const scalable: NamedService[] = [];
    if (target.database && local.database) {
      const { image, arguments: command } = local.database;
      scalable.push(
        new NamedService(this, 'Database', {
          ...service('Database', names.database, target.database.port),
          image: () => ContainerImage.fromRegistry(image),
          dataPath: '/var/lib/postgresql',
          container: {
            stopTimeout: Duration.seconds(30),
            command: command.length > 0 ? command : undefined,
            environment: { POSTGRES_DB: target.database.name },
            secrets: {
              POSTGRES_USER: EcsSecret.fromSecretsManager(login, 'username'),
              POSTGRES_PASSWORD: EcsSecret.fromSecretsManager(login, 'password'),
            },
          },
        }),
      );
    }
    if (target.cache && local.cache) {
      const { image, arguments: command } = local.cache;
      scalable.push(
        new NamedService(this, 'Cache', {
          ...service('Cache', names.cache, target.cache.port),
          image: () => ContainerImage.fromRegistry(image),
          container: { stopTimeout, command: command.length > 0 ? command : undefined },
        }),
      );
    }
    new NamedService(this, 'App', {
      ...service('App', names.application, local.application.port),
      image: () => ContainerImage.fromRegistry(`${names.image}:latest`),
      container: { stopTimeout, environment: localEnvironment(config, password) },
    });
    for (const one of scalable) Tags.of(one.service).add(optInTag.key, optInTag.value);

    this.logArn = this.arn('logs', 'log-group', names.logs('*'), ArnFormat.COLON_RESOURCE_NAME);
    this.loginArn = this.arn('secretsmanager', 'secret', `${names.secret}-??????`, ArnFormat.COLON_RESOURCE_NAME);
    new StringParameter(this, 'Configuration', {
      parameterName: `${targetsPath}${config.id}`,
      stringValue: JSON.stringify(target),
    });
  }

  private arn(service: string, resource: string, resourceName: string, arnFormat?: ArnFormat): string {
    return Stack.of(this).formatArn({ service, resource, resourceName, arnFormat });
  }
}
