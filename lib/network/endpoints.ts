import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';

/** What is called from inside the network, and by which endpoint; S3 and DynamoDB have gateways. */
export const interfaceEndpoints = {
  Ecs: Service.ECS,
  ApplicationAutoScaling: Service.APPLICATION_AUTOSCALING,
  Ssm: Service.SSM,
  SecretsManager: Service.SECRETS_MANAGER,
  Logs: Service.CLOUDWATCH_LOGS,
  Monitoring: Service.CLOUDWATCH_MONITORING,
  XRay: Service.XRAY,
  EcrApi: Service.ECR,
  EcrDocker: Service.ECR_DOCKER,
};

/** The SSM agent of a host takes its commands by these. */
export const hostEndpoints = { SsmMessages: Service.SSM_MESSAGES, Ec2Messages: Service.EC2_MESSAGES };
