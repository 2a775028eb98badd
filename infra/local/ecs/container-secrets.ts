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

/** `arn:aws:secretsmanager:…:secret:name[:json key[:version stage[:version id]]]`, or a parameter's name or ARN. */
async function resolve(valueFrom: string, { secretsManager, ssm }: SecretClients): Promise<string> {
  if (!valueFrom.startsWith('arn:aws:secretsmanager:')) {
    const answer = await ssm.send(new GetParameterCommand({ Name: valueFrom, WithDecryption: true }));
    return answer.Parameter?.Value ?? '';
  }
  const parts = valueFrom.split(':');
  const answer = await secretsManager.send(new GetSecretValueCommand({ SecretId: parts.slice(0, 7).join(':') }));
  const text = answer.SecretString ?? '';
  const key = parts[7];
  if (key === undefined || key === '') return text;
  const value = (JSON.parse(text) as Record<string, unknown>)[key];
  if (value === undefined) throw new Error(`the secret ${parts[6]} has no key "${key}"`);
  return String(value);
}
