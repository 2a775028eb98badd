import { Duration } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface BrokenOffRuleProps {
  machines: StateMachine[];
  /** Started with `{ [nameIs]: the execution's name, status }`. */
  starts: StateMachine;
  nameIs: 'runId' | 'gameDayId';
}

/** Executions that were stopped, timed out or failed: none of these ran its own clean-up to its end. */
export class BrokenOffRule extends Rule {
  constructor(scope: Construct, id: string, { machines, starts, nameIs }: BrokenOffRuleProps) {
    super(scope, id, {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['ABORTED', 'TIMED_OUT', 'FAILED'],
          stateMachineArn: machines.map(({ stateMachineArn }) => stateMachineArn),
        },
      },
      targets: [
        new SfnStateMachine(starts, {
          input: RuleTargetInput.fromObject({
            [nameIs]: EventField.fromPath('$.detail.name'),
            status: EventField.fromPath('$.detail.status'),
          }),
          maxEventAge: Duration.hours(1),
          retryAttempts: 10,
        }),
      ],
    });
  }
}
