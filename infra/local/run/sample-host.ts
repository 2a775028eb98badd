import { createHash } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { optInTag } from '../../../lambdas/aws/ecs-services.client.ts';
import type { DatabaseLogin } from '../../../lambdas/observer/probes.ts';
import { databaseLogin } from '../../../lambdas/target/database-login.client.ts';
import { readTarget } from '../../../lambdas/target/target.client.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { targetsPath } from '../../../lib/targets/targets-path.ts';
import type { HostSpec, LocalStack, ManagedHostHandle } from '../stack.ts';
import { untilHealthy } from './until-healthy.ts';

export interface SampleHostOptions {
  /** Switches of the sample application that turn good behaviours off. */
  fragile: string;
  onProgress: (text: string) => void;
}

/**
 * Boots the managed host of a sample target that was deployed with `appOn=host`, and waits until its application is
 * healthy. @throws with what the host or the application said when it does not become so
 */
export async function startSampleHost(
  stack: LocalStack,
  targetId: string,
  options: SampleHostOptions,
): Promise<ManagedHostHandle> {
  const { target, host } = await bootSampleHost(stack, targetId, options);
  options.onProgress('waiting until the application is healthy');
  await untilHealthy(stack, target);
  return host;
}

/** Boots it without waiting for its application, which is not healthy as long as its database is away. */
export async function bootSampleHost(
  stack: LocalStack,
  targetId: string,
  { fragile, onProgress }: SampleHostOptions,
): Promise<{ target: Target; host: ManagedHostHandle }> {
  const { endpoint, region, root: credentials } = stack;
  const client = { endpoint, region, credentials };
  const target = await readTarget(new SSMClient(client), targetsPath, targetId);
  const login = await databaseLogin(new SecretsManagerClient(client), target)();
  onProgress('booting');
  return { target, host: await stack.startHost(hostSpecOf(target, login, fragile)) };
}

/** The host that a target's configuration describes. */
export function hostSpecOf(target: Target, { username, password }: DatabaseLogin, fragile: string): HostSpec {
  const { id, endpoint, hosts, database, cache, logs } = target;
  if (hosts === null || database === null || cache === null) throw new Error(`the target '${id}' runs on no host`);
  const { hostname, port } = new URL(endpoint);
  return {
    name: hostname.split('.')[0]!,
    // The same for a target's next host: it is the same instance, started again.
    instanceId: `i-${createHash('sha256').update(id).digest('hex').slice(0, 17)}`,
    tags: { [hosts.tag.key]: hosts.tag.value, [optInTag.key]: optInTag.value },
    program: {
      environment: {
        PORT: port,
        DATABASE_URL: `postgres://${database.host}:${database.port}/${database.name}`,
        REDIS_URL: `redis://${cache.host}:${cache.port}`,
        PGUSER: username,
        PGPASSWORD: password,
        FRAGILE: fragile,
      },
      logGroup: logs.find((group) => group.endsWith('/app')),
    },
  };
}
