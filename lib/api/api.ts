import { Duration } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { ManagedHosts } from '../hosts/managed-hosts.ts';
import { grantReadAlarms } from '../safety/alarms.ts';
import type { Schedules } from '../schedules/schedules.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import type { Targets } from '../targets/targets.ts';

export interface ApiProps {
  gameDay: StateMachine;
  table: RunsTable;
  targets: Targets;
  hosts: ManagedHosts;
  evidence: EvidenceBucket;
  schedules: Schedules;
  environment: Partial<Record<VariableName, string>>;
}

const stageName = 'v1';

/** What API Gateway itself refuses, in the form that the Lambda's own problems have (RFC 9457). */
const gatewayProblem =
  '{"type":"about:blank","title":"$context.error.responseType",' +
  '"detail":$context.error.messageString,"instance":"$context.requestId"}';

/** The way in for operators: one Lambda behind a REST API whose every method asks IAM. */
export class Api extends Construct {
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const { gameDay, table, targets, hosts, evidence, schedules, environment } = props;
    const handler = new FaultlineFunction(this, 'Function', {
      handler: 'api/api.lambda.ts',
      // API Gateway waits for 29 s; the clients of a start that was begun twice rely on a Lambda ending before 30.
      timeout: Duration.seconds(28),
      environment: { ...environment, ...schedules.environment, GAME_DAY_MACHINE: gameDay.stateMachineArn },
    });
    table.grantReadWrite(handler);
    targets.grantReadConfiguration(handler);
    targets.grantDescribe(handler);
    targets.grantList(handler);
    hosts.grantFind(handler);
    // Its links allow what it may itself.
    evidence.grantRead(handler);
    schedules.grantManage(handler);
    grantReadAlarms(handler);
    gameDay.grantStartExecution(handler);

    this.api = new RestApi(this, 'Api', {
      restApiName: 'faultline',
      description: 'Starts, stops and schedules game-days, shows them and their reports, and moves the safety lever',
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      defaultIntegration: new LambdaIntegration(handler),
      defaultMethodOptions: { authorizationType: AuthorizationType.IAM },
      cloudWatchRole: true,
      deployOptions: {
        stageName,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.ERROR,
        throttlingRateLimit: 20,
        throttlingBurstLimit: 100,
        accessLogDestination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', { retention: RetentionDays.ONE_MONTH }),
        ),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    // The Lambda routes: it has a clear answer for what there is not.
    this.api.root.addMethod('ANY');
    this.api.root.addProxy({ anyMethod: true });
    for (const [name, type] of Object.entries({
      Refused: ResponseType.DEFAULT_4XX,
      Failed: ResponseType.DEFAULT_5XX,
    })) {
      this.api.addGatewayResponse(name, {
        type,
        responseHeaders: { 'Content-Type': "'application/problem+json'" },
        templates: { 'application/json': gatewayProblem },
      });
    }
  }

  /** Ends with the stage and without a slash. */
  get url(): string {
    return this.api.urlForPath().replace(/\/$/, '');
  }

  grantInvoke({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['execute-api:Invoke'],
        resources: [this.api.arnForExecuteApi('*', '/*', stageName)],
      }),
    );
  }
}
