import { Duration } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { watchSeconds } from '../../lambdas/safety/reap.ts';
import { grantPublishMetrics } from '../dashboards/metrics.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { ManagedHosts } from '../hosts/managed-hosts.ts';
import type { LoadGenerator } from '../load/load-generator.ts';
import type { RunsTable } from '../store/runs-table.ts';

export interface ReaperProps {
  cleanUp: StateMachine;
  table: RunsTable;
  load: LoadGenerator;
  hosts: ManagedHosts;
  environment: Partial<Record<VariableName, string>>;
}

/** Looks for what no run takes care of any more: each minute, and all the time while runs are under way. */
export class Reaper extends Construct {
  constructor(scope: Construct, id: string, { cleanUp, table, load, hosts, environment }: ReaperProps) {
    super(scope, id);
    const reaper = new FaultlineFunction(this, 'Function', {
      handler: 'safety/reaper.lambda.ts',
      timeout: Duration.seconds(watchSeconds + 40),
      environment: { ...environment, ...load.environment, CLEAN_UP_MACHINE: cleanUp.stateMachineArn },
    });
    table.grantRead(reaper);
    load.grantStop(reaper);
    hosts.grantEnd(reaper);
    cleanUp.grantStartExecution(reaper);
    grantPublishMetrics(reaper);
    new Schedule(this, 'EveryMinute', {
      description: 'Restores what runs that broke off have left behind',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(reaper, { maxEventAge: Duration.minutes(1), retryAttempts: 0 }),
    });
  }
}
