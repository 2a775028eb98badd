import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { ContainerRecord } from './task-record.ts';

export interface SecretClients {
  secretsManager: SecretsManagerClient;
  ssm: SSMClient;
}

/** The container definition's `secrets`, from Secrets Manager or Parameter Store. @throws when one cannot be had */
export async function resolveSecrets(
  container: ContainerRecord,
  clients: SecretClients,
): Promise<Record<string, string>> {
  const entries = (container.definition.secrets ?? []).map(
    async ({ name, valueFrom = '' }) => [name ?? '', await resolve(valueFrom, clients)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

/** `<secret>[:json key[:version stage[:version id]]]`; the emulator's CloudFormation has a name for the secret's ARN. */
const secretReference = /^(arn:aws:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+(?=:[^:]*:[^:]*:))(?::([^:]*))?/;

/** A secret, or a key of one that is JSON; otherwise a parameter's name or ARN. */
async function resolve(valueFrom: string, { secretsManager, ssm }: SecretClients): Promise<string> {
  const [, secret, key] = secretReference.exec(valueFrom) ?? [];
  if (secret === undefined || valueFrom.startsWith('arn:aws:ssm:')) {
    const answer = await ssm.send(new GetParameterCommand({ Name: valueFrom, WithDecryption: true }));
    return answer.Parameter?.Value ?? '';
  }
  const answer = await secretsManager.send(new GetSecretValueCommand({ SecretId: secret }));
  const text = answer.SecretString ?? '';
  if (key === undefined || key === '') return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[key];
  if (value === undefined) throw new Error(`the secret ${secret} has no key "${key}"`);
  return String(value);
}
