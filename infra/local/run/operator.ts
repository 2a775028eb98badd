import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { LocalAws } from '../stack.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** An IAM user with the operator's policy and nothing else: everything after the deployment is done in its name. */
export const createOperator = (aws: LocalAws, policyArn: string, name = 'operator'): Promise<Credentials> =>
  createUser(aws, name, [policyArn]);

/** The operator and its key go; what it did stays. */
export async function removeOperator(
  aws: LocalAws,
  policyArn: string,
  UserName: string,
  { accessKeyId }: Credentials,
): Promise<void> {
  const iam = clientOf(aws);
  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }));
  await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: policyArn }));
  await iam.send(new DeleteUserCommand({ UserName }));
}

/** An IAM user with these managed policies. */
export async function createUser(aws: LocalAws, UserName: string, policies: string[] = []): Promise<Credentials> {
  const iam = clientOf(aws);
  await iam.send(new CreateUserCommand({ UserName }));
  for (const PolicyArn of policies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('the emulator made no access key');
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}

const clientOf = ({ endpoint, region, root }: LocalAws) => new IAMClient({ endpoint, region, credentials: root });
