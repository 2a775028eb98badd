import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  DefinitionBody,
  LogLevel,
  QueryLanguage,
  StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { RunFunctions } from '../scenario-machine/run-functions.ts';
import { invoke } from '../scenario-machine/steps.ts';
import { tail } from '../scenario-machine/tail.ts';

export interface CleanUpProps {
  functions: RunFunctions;
  /** The machines whose executions may end without their own clean-up. */
  machines: StateMachine[];
}

/**
 * Ends runs that cannot end themselves: a stopped execution runs no Catch, and one that timed out or failed outside of
 * its states did not either. Their status change starts the same tail that every run ends with; so does the reaper.
 */
export class CleanUp extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { functions, machines }: CleanUpProps) {
    super(scope, id);
    const takeOver = invoke(this, 'Take over', functions.takeOver, '{% $states.input %}', {
      runId: '{% $states.result.Payload.runId %}',
      status: '{% $states.result.Payload.status %}',
    });
    const anything = Choice.jsonata(this, 'Anything left?')
      .when(Condition.jsonata("{% $states.input.status = 'nothing' %}"), Succeed.jsonata(this, 'Nothing left'))
      .otherwise(tail(this, functions));
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: 'faultline-clean-up',
      comment: 'Reverts and ends a run whose own execution has ended without doing so.',
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(takeOver.next(anything)),
      timeout: Duration.hours(1),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(this, 'Logs', {
          logGroupName: '/aws/vendedlogs/states/faultline-clean-up',
          retention: RetentionDays.ONE_MONTH,
        }),
      },
    });
    new Rule(this, 'BrokenOff', {
      description: 'Executions of scenarios that ended without their own clean-up',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
          stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn),
        },
      },
      targets: [
        new SfnStateMachine(this.machine, {
          // An execution has its run's id as its name.
          input: RuleTargetInput.fromObject({
            runId: EventField.fromPath('$.detail.name'),
            status: EventField.fromPath('$.detail.status'),
          }),
          maxEventAge: Duration.hours(1),
          retryAttempts: 10,
        }),
      ],
    });
  }
}
