import { ECSClient } from '@aws-sdk/client-ecs';
import { recordCalls } from '../aws/recorded-calls.ts';
import { environment } from '../runs/environment.ts';
import type { RunContext } from '../runs/run-context.ts';
import { LoadTasks } from './load-tasks.client.ts';

/** The load tasks of one run, its calls recorded among the run's events. */
export function runLoadTasks({ run, runs, clock }: RunContext): LoadTasks {
  const ecs = new ECSClient();
  recordCalls(ecs, 'ecs', runs.callRecorder(run.runId), clock.now);
  return loadTasksOf(ecs);
}

/** The load tasks of this deployment. */
export function loadTasksOf(ecs: ECSClient): LoadTasks {
  const env = environment(
    'LOAD_CLUSTER',
    'LOAD_MASTER_TASK',
    'LOAD_WORKER_TASK',
    'LOAD_WORKER_CAPACITY',
    'LOAD_SUBNETS',
    'LOAD_PUBLIC_IP',
    'LOAD_SECURITY_GROUP',
    'TABLE_NAME',
    'BUCKET_NAME',
  );
  return new LoadTasks(ecs, {
    cluster: env.LOAD_CLUSTER,
    masterTask: env.LOAD_MASTER_TASK,
    workerTask: env.LOAD_WORKER_TASK,
    workerCapacity: env.LOAD_WORKER_CAPACITY,
    table: env.TABLE_NAME,
    bucket: env.BUCKET_NAME,
    subnets: env.LOAD_SUBNETS.split(','),
    securityGroup: env.LOAD_SECURITY_GROUP,
    publicIp: env.LOAD_PUBLIC_IP,
  });
}
