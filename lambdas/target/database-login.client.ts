import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import type { DatabaseLogin } from '../observer/probes.ts';
import type { Target } from './target.ts';

const loginSchema = z.object({ username: z.string(), password: z.string() });

/** A reader of the target's database login that asks Secrets Manager once in its life. */
export function databaseLogin(secrets: SecretsManagerClient, target: Target): () => Promise<DatabaseLogin> {
  let login: Promise<DatabaseLogin> | null = null;
  const read = async () => {
    if (!target.database) throw new Error(`target '${target.id}' has no database`);
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: target.database.secretId }));
    return loginSchema.parse(JSON.parse(SecretString ?? 'null'));
  };
  return () => {
    login ??= read().catch((error) => {
      login = null;
      throw error;
    });
    return login;
  };
}
