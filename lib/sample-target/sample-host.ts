import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, Stack, Tags } from 'aws-cdk-lib';
import {
  AmazonLinuxCpuType,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  type ISecurityGroup,
  MachineImage,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { DnsRecordType, type PrivateDnsNamespace } from 'aws-cdk-lib/aws-servicediscovery';
import { Construct } from 'constructs';
import { optInTag } from '../../lambdas/aws/ecs-services.client.ts';
import { programBundling, programFolder } from '../images/program-bundle.ts';
import type { Network } from '../network/network.ts';

export interface SampleHostProps {
  /** Its DNS name in the namespace, which follows the instance. */
  name: string;
  port: number;
  namespace: PrivateDnsNamespace;
  network: Network;
  securityGroup: ISecurityGroup;
  login: ISecret;
  logGroup: ILogGroup;
  /** The application's variables. */
  environment: Record<string, string>;
  /** What tells the hosts of this target from all others. */
  tag: { key: string; value: string };
}

/** What the SSM agent calls; of AmazonSSMManagedInstanceCore, without parameters, inventory and patches. */
const agentActions = [
  'ssm:UpdateInstanceInformation',
  'ssm:ListInstanceAssociations',
  'ssm:ListAssociations',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
];

/** The sample application on an instance of its own, which Systems Manager reaches and which opted in to faults. */
export class SampleHost extends Construct {
  constructor(scope: Construct, id: string, props: SampleHostProps) {
    super(scope, id);
    const { name, port, namespace, network, securityGroup, login, logGroup, environment, tag } = props;
    const path = programFolder('sample-app');
    const program = new Asset(this, 'Program', {
      path,
      assetHashType: AssetHashType.OUTPUT,
      bundling: programBundling(path),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: agentActions, resources: ['*'] }));
    const programArn = program.bucket.arnForObjects(program.s3ObjectKey);
    role.addToPolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources: [programArn] }));
    login.grantRead(role);
    logGroup.grantWrite(role);
    const host = new Instance(this, 'Instance', {
      vpc: network.vpc,
      vpcSubnets: { subnets: network.subnets.slice(0, 1) },
      instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.SMALL),
      // Its id comes from a public parameter when the stack is deployed: synthesis looks nothing up.
      machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.X86_64 }),
      securityGroup,
      role,
      requireImdsv2: true,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(20, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
        },
      ],
      userData: userData({
        AWS_DEFAULT_REGION: Stack.of(this).region,
        PROGRAM: program.s3ObjectUrl,
        SECRET: login.secretArn,
        LOG_GROUP: logGroup.logGroupName,
        APP_ENV: Object.entries(environment)
          .map(([variable, value]) => `${variable}=${value}`)
          .join('\n'),
      }),
      // What it is set up with is in the user data: another program is another instance.
      userDataCausesReplacement: true,
    });
    for (const { key, value } of [optInTag, tag]) Tags.of(host).add(key, value);
    // What it is set up with comes by the network's endpoints.
    host.node.addDependency(network.vpc);
    const service = namespace.createService(`Name-${name}`, { name, dnsRecordType: DnsRecordType.A });
    service.registerIpInstance(`Address-${name}`, { ipv4: host.instancePrivateIp, port });
  }
}

function userData(variables: Record<string, string>): UserData {
  const data = UserData.forLinux();
  data.addCommands(
    ...Object.entries(variables).map(([variable, value]) => `export ${variable}='${value}'`),
    readFileSync(join(programFolder('sample-app'), 'host-setup.sh'), 'utf8').replace(/^#!.*\n/, ''),
  );
  return data;
}
