import { type IGrantable, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Api } from '../api/api.ts';
import { grantLook } from '../dashboards/look.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';

export interface OperatorPolicyProps {
  api: Api;
  gameDay: StateMachine;
  table: RunsTable;
  evidence: EvidenceBucket;
}

/** What a person needs to use the API, to watch a game-day and to read its report and the dashboards; attach it to users or roles. */
export class OperatorPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { api, gameDay, table, evidence }: OperatorPolicyProps) {
    super(scope, id);
    this.policy = new ManagedPolicy(this, 'Policy', { managedPolicyName: 'faultline-operator' });
    const operator: IGrantable = { grantPrincipal: this.policy.grantPrincipal };
    api.grantInvoke(operator);
    gameDay.grantExecution(operator, 'states:DescribeExecution');
    table.grantRead(operator);
    evidence.grantRead(operator);
    grantLook(this, operator);
  }
}
