import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { repository } from '../setup/setup.ts';
import type { LocalAws } from '../stack.ts';
import { createStateFolder, removeStaleStateFolders } from '../state-folder.ts';

/** What LocalStack takes for an account's root where nothing else is said. */
const usualKey = 'test';

/**
 * The AWS at an endpoint that is running already, with the keys and the region of the environment, while `work` goes on.
 * @throws in one line when nothing there answers as AWS does
 */
export async function withGivenAws<T>(
  endpoint: string,
  work: (aws: LocalAws) => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  const root = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? usualKey,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? usualKey,
  };
  const account = await accountAt(endpoint, region, root);
  const stateRoot = join(repository, '.faultline', 'run');
  const folder = createStateFolder(stateRoot);
  try {
    removeStaleStateFolders(stateRoot);
    return await work({ endpoint, region, root, account, stateDir: folder.path });
  } finally {
    folder.remove();
  }
}

/** An operator of one run's own: other runs on the same endpoint have others. */
export const operatorName = () => `faultline-operator-${randomBytes(4).toString('hex')}`;

async function accountAt(endpoint: string, region: string, credentials: LocalAws['root']): Promise<string> {
  const sts = new STSClient({ endpoint, region, credentials, maxAttempts: 1 });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand());
    if (!Account) throw new Error('it names no account');
    return Account;
  } catch (error) {
    const { name, message } = error as Error;
    throw new Error(`FAULTLINE_ENDPOINT: no AWS answers at ${endpoint}: ${message || name}`);
  } finally {
    sts.destroy();
  }
}
