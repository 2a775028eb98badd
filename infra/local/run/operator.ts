import { AttachUserPolicyCommand, CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { LocalStack } from '../stack.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** An IAM user with the operator's policy and nothing else: everything after the deployment is done in its name. */
export const createOperator = (stack: LocalStack, policyArn: string): Promise<Credentials> =>
  createUser(stack, 'operator', [policyArn]);

/** An IAM user with these managed policies. */
export async function createUser(stack: LocalStack, UserName: string, policies: string[] = []): Promise<Credentials> {
  const iam = new IAMClient({ endpoint: stack.endpoint, region: stack.region, credentials: stack.root });
  await iam.send(new CreateUserCommand({ UserName }));
  for (const PolicyArn of policies) await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error('the emulator made no access key');
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
