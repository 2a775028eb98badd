import type { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Network } from '../network/network.ts';
import { handlerCode } from './bundled-handlers.ts';

/** Where a function runs that has to reach the target itself: in the target's subnets. */
export interface InVpc {
  network: Network;
  securityGroup: ISecurityGroup;
}

export interface FaultlineFunctionProps {
  /** Path of the handler's file, relative to `lambdas/`. */
  handler: string;
  /** Only where somebody else names it; otherwise CloudFormation chooses. */
  functionName?: string;
  /** Shorter than the time-out of the state that invokes it: a Lambda must not outlive its state. */
  timeout: Duration;
  environment: Partial<Record<VariableName, string>>;
  /** In MB; a share of the processor comes with it. Default 512. */
  memory?: number;
  inVpc?: InVpc;
}

/** Of AWSLambdaVPCAccessExecutionRole, without its rights to every log group. */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** One Lambda: a handler file bundled with its SDK, a role of its own, a log group with an end. */
export class FaultlineFunction extends LambdaFunction {
  constructor(
    scope: Construct,
    id: string,
    { handler, functionName, timeout, environment, memory = 512, inVpc }: FaultlineFunctionProps,
  ) {
    const logGroup = new LogGroup(scope, `${id}Logs`, { retention: RetentionDays.ONE_MONTH });
    super(scope, id, {
      code: handlerCode(handler),
      handler: 'index.handler',
      functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memory,
      timeout,
      tracing: Tracing.ACTIVE,
      // Throttled calls are repeated within the function, with growing random pauses, before a state fails.
      environment: { ...environment, AWS_RETRY_MODE: 'standard', AWS_MAX_ATTEMPTS: '6' },
      role: new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      logGroup,
      ...(inVpc && {
        vpc: inVpc.network.vpc,
        securityGroups: [inVpc.securityGroup],
        vpcSubnets: { subnets: inVpc.network.subnets },
      }),
    });
    // A role of one's own gets nothing by itself: its own log group, and the network interface that a VPC takes.
    logGroup.grantWrite(this);
    if (inVpc) this.addToRolePolicy(new PolicyStatement({ actions: interfaceActions, resources: ['*'] }));
  }
}
