import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';

/** Where Faultline's Lambdas and tasks run: beside the target, and the load where users come from. */
export interface Network {
  readonly vpc: IVpc;
  /** Of Lambdas and tasks that reach the target from inside. They reach AWS through endpoints, or as the subnets do. */
  readonly subnets: ISubnet[];
  readonly load: {
    readonly subnets: ISubnet[];
    /** Public subnets have no other way to AWS than an address of the task's own. Nothing comes in by it. */
    readonly publicIp: boolean;
  };
  /** A new group that lets in what belongs to this network, on these ports; nothing from outside. */
  securityGroup(id: string, description: string, ports: number[]): ISecurityGroup;
}

export const subnetIds = (subnets: ISubnet[]): string => subnets.map(({ subnetId }) => subnetId).join(',');
