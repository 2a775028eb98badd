import { Stack } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IGrantable, type IRole, PolicyStatement, type PolicyStatementProps } from 'aws-cdk-lib/aws-iam';

export interface Runnable {
  definitions: string[];
  /** What ECS hands to the tasks: their own roles, and those that they are started with. */
  roles: IRole[];
}

/** Rights on the tasks of one cluster that belong to no service. */
export class TaskRights {
  private readonly cluster: ICluster;

  constructor(cluster: ICluster) {
    this.cluster = cluster;
  }

  grantRun(grantee: IGrantable, { definitions, roles }: Runnable): void {
    this.allow(grantee, [
      { actions: ['ecs:RunTask'], resources: definitions, conditions: this.inCluster() },
      { actions: ['ecs:TagResource'], resources: [this.tasks()] },
      {
        actions: ['iam:PassRole'],
        resources: roles.map(({ roleArn }) => roleArn),
        conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
  }

  grantFind(grantee: IGrantable): void {
    this.allow(grantee, [this.listing(), { actions: ['ecs:DescribeTasks'], resources: [this.tasks()] }]);
  }

  /** Finding tasks and ending them. */
  grantStop(grantee: IGrantable): void {
    this.allow(grantee, [
      this.listing(),
      { actions: ['ecs:DescribeTasks', 'ecs:StopTask'], resources: [this.tasks()] },
    ]);
  }

  private listing(): PolicyStatementProps {
    return { actions: ['ecs:ListTasks'], resources: ['*'], conditions: this.inCluster() };
  }

  private tasks(): string {
    const { partition, region, account } = Stack.of(this.cluster);
    return `arn:${partition}:ecs:${region}:${account}:task/${this.cluster.clusterName}/*`;
  }

  private inCluster() {
    return { ArnEquals: { 'ecs:cluster': this.cluster.clusterArn } };
  }

  private allow(grantee: IGrantable, statements: PolicyStatementProps[]): void {
    for (const statement of statements) grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement(statement));
  }
}
