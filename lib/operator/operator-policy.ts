import { type IGrantable, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { FaultlineFunction } from '../functions/faultline-function.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';

export interface OperatorPolicyProps {
  gameDay: StateMachine;
  stop: FaultlineFunction;
  table: RunsTable;
  evidence: EvidenceBucket;
}

/** What a person needs to start a game-day, watch it, stop it and read its report; attach it to users or roles. */
export class OperatorPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { gameDay, stop, table, evidence }: OperatorPolicyProps) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, 'Policy', { managedPolicyName: 'faultline-operator' });
    const operator: IGrantable = { grantPrincipal: this.policy.grantPrincipal };
    gameDay.grantStartExecution(operator);
    gameDay.grantExecution(operator, 'states:DescribeExecution');
    stop.grantInvoke(operator);
    table.grantRead(operator);
    evidence.grantRead(operator);
  }
}
