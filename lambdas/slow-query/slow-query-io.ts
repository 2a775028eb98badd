import type { ECSClient } from '@aws-sdk/client-ecs';
import type { DatabaseLogin } from '../observer/probes.ts';
import { environment } from '../runs/environment.ts';
import type { Target } from '../target/target.ts';
import { BlockingSessions } from './blocking-sessions.client.ts';
import { SlowQueryTasks } from './slow-query-tasks.client.ts';

/** What blocks a target's database, from both of its ends. */
export interface SlowQueryIo {
  sessions: BlockingSessions;
  /** Read when it is needed: only the functions that work on faults know where the tasks run. */
  tasks(): SlowQueryTasks;
}

export const slowQueryIo = (ecs: ECSClient, target: Target, login: () => Promise<DatabaseLogin>): SlowQueryIo => ({
  sessions: new BlockingSessions(target, login),
  tasks() {
    const env = environment(
      'SLOW_QUERY_CLUSTER',
      'SLOW_QUERY_FAMILY',
      'SLOW_QUERY_SUBNETS',
      'SLOW_QUERY_SECURITY_GROUP',
    );
    return new SlowQueryTasks(ecs, {
      cluster: env.SLOW_QUERY_CLUSTER,
      family: env.SLOW_QUERY_FAMILY,
      subnets: env.SLOW_QUERY_SUBNETS.split(','),
      securityGroup: env.SLOW_QUERY_SECURITY_GROUP,
    });
  },
});
