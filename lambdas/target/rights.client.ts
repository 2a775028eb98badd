import { type CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, type IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';

/** Whether a role of Faultline's own may do something, by the function that has it. */
export interface Right {
  role: string;
  may: boolean;
}

export interface Rights {
  /** Of those that stop a service and start it again. @throws where there is no deployment, or IAM cannot be asked */
  mayScale(cluster: string, service: string): Promise<Right[]>;
}

/** Logical ids in the stack `Faultline`, up to what the CDK appends. */
const scaling = { Inject: 'StepsInjectRole', Revert: 'StepsRevertRole' };

/** IAM's own simulator, asked about the roles of a deployment: nothing is done. */
export class DeployedRights implements Rights {
  private readonly cloudFormation: CloudFormationClient;
  private readonly iam: IAMClient;
  private readonly place: { partition: string; region: string; account: string };

  constructor(
    cloudFormation: CloudFormationClient,
    iam: IAMClient,
    place: { partition: string; region: string; account: string },
  ) {
    this.cloudFormation = cloudFormation;
    this.iam = iam;
    this.place = place;
  }

  async mayScale(cluster: string, service: string): Promise<Right[]> {
    const { partition, region, account } = this.place;
    const resource = `arn:${partition}:ecs:${region}:${account}:service/${cluster}/${service}`;
    const { StackResources = [] } = await this.cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: 'Faultline' }),
    );
    return Promise.all(
      Object.entries(scaling).map(async ([role, logicalId]) => {
        const found = StackResources.find(
          ({ ResourceType, LogicalResourceId }) =>
            ResourceType === 'AWS::IAM::Role' && LogicalResourceId?.startsWith(logicalId),
        );
        if (!found?.PhysicalResourceId) throw new Error(`the stack Faultline has no role ${logicalId}`);
        const { Role } = await this.iam.send(new GetRoleCommand({ RoleName: found.PhysicalResourceId }));
        const { EvaluationResults = [] } = await this.iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: Role!.Arn!,
            ActionNames: ['ecs:UpdateService'],
            ResourceArns: [resource],
            ContextEntries: [
              {
                ContextKeyName: 'aws:ResourceTag/faultline:opt-in',
                ContextKeyType: 'string',
                ContextKeyValues: ['true'],
              },
            ],
          }),
        );
        return { role, may: EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed') };
      }),
    );
  }
}
