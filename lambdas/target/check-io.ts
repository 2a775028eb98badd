import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { systemClock } from '../aws/clock.ts';
import { EcsServices } from '../aws/ecs-services.client.ts';
import { Hosts } from '../hosts/hosts.client.ts';
import { Probes } from '../observer/probes.ts';
import { AlarmsClient } from '../safety/alarms.client.ts';
import { MetricsClient } from '../signals/metrics.client.ts';
import type { CheckIo } from './check-target.ts';
import { databaseLogin } from './database-login.client.ts';
import { withDatabase } from './database-session.client.ts';
import { DeployedRights } from './rights.client.ts';
import type { Target } from './target.ts';

/** What a target is checked with from where this runs, with the environment's credentials and region. */
export async function checkIo(target: Target): Promise<CheckIo> {
  const { Arn = '', Account = '' } = await new STSClient().send(new GetCallerIdentityCommand());
  const region = await new ECSClient().config.region();
  const place = { partition: Arn.split(':')[1] || 'aws', region, account: Account };
  const login = databaseLogin(new SecretsManagerClient(), target);
  return {
    ecs: new EcsServices(new ECSClient(), new ApplicationAutoScalingClient()),
    hosts: new Hosts(new SSMClient(), systemClock),
    probes: new Probes(target, login, systemClock.now),
    alarms: new AlarmsClient(new CloudWatchClient()),
    metrics: new MetricsClient(new CloudWatchClient()),
    now: systemClock.now,
    rights: new DeployedRights(new CloudFormationClient(), new IAMClient(), place),
    async missingTables(tables) {
      if (!target.database) return [...tables];
      const session = { name: 'faultline-check', timeoutMs: 3000 };
      return withDatabase(target.database, await login(), session, async (client) => {
        const { rows } = await client.query(
          'SELECT name FROM unnest($1::text[]) name WHERE to_regclass(name) IS NULL',
          [tables],
        );
        return rows.map(({ name }) => String(name));
      });
    },
  };
}
