import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, type StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { BrokenOffRule } from '../machines/broken-off-rule.ts';
import { FaultlineMachine } from '../machines/faultline-machine.ts';
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
    this.machine = new FaultlineMachine(this, 'Machine', {
      name: 'faultline-clean-up',
      comment: 'Reverts and ends a run whose own execution has ended without doing so.',
      definition: takeOver.next(anything),
      timeout: Duration.hours(1),
    });
    new BrokenOffRule(this, 'BrokenOff', { machines, starts: this.machine, nameIs: 'runId' });
  }
}
