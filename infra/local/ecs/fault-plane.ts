import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { documents } from '../../ssm/documents.ts';
import { AddressPool } from '../address-pool.ts';
import { apiPort, endpointAddress, faultPlanePort, resolverAddress } from '../addresses.ts';
import { Hosts } from '../host/hosts.ts';
import type { SandboxConfig, TaskProcess, ThrottleRule } from '../sandbox/protocol.ts';
import { SystemsManager } from '../ssm/systems-manager.ts';
import { openStream } from './container-logs.ts';
import { Gateway } from './gateway.ts';
import { startResolver } from './resolver.ts';
import { Scheduler } from './scheduler.ts';
import { startTaskMetadata } from './task-metadata.ts';
import type { TaskRecord } from './task-record.ts';
import { TaskRunner } from './task-runner.ts';
import { Throttle } from './throttle.ts';

export interface FaultPlane {
  tasks(): TaskProcess[];
  readonly hosts: Hosts;
  /** Replaces the rules by which calls from tasks, Lambdas and outside are throttled. */
  throttle(rules: ThrottleRule[]): void;
  /** Stops every task by its stop signal, SIGKILL after `limitSeconds`. */
  close(limitSeconds: number): Promise<void>;
}

/** Starts what makes ECS real, and the endpoints at which it is reached. The emulator has to answer already. */
export async function startFaultPlane(config: SandboxConfig): Promise<FaultPlane> {
  const client = { region: config.region, endpoint: `http://127.0.0.1:${apiPort}`, credentials: config.root };
  const now = () => Date.now();
  const scheduler = new Scheduler(new ECSClient(client), config.maxTasks, now);
  const addresses = new AddressPool();
  const logs = new CloudWatchLogsClient(client);
  const runner = new TaskRunner({
    config,
    metadata: await startTaskMetadata(new STSClient(client), now),
    logs,
    secrets: { secretsManager: new SecretsManagerClient(client), ssm: new SSMClient(client) },
    addresses,
    now,
    onChange: (task) => scheduler.changed(task),
  });
  scheduler.start(runner);
  const openLog = (group: string, stream: string) => openStream(logs, group, stream, now);
  const hosts = new Hosts({ config, addresses, openLog, now });
  await startResolver(resolverAddress, (name) => [...scheduler.addressesOf(name), ...hosts.addressesOf(name)]);
  const throttle = new Throttle();
  const { region, account } = config;
  const systemsManager = new SystemsManager({
    documents,
    hosts: () => hosts.channels(),
    region,
    account,
    clock: systemClock,
  });
  const gateway = new Gateway(scheduler, systemsManager, throttle);
  await gateway.listen({ host: '127.0.0.1', port: faultPlanePort });
  await gateway.listen({ host: endpointAddress, port: apiPort });
  await gateway.listen({ path: config.socket });
  return {
    tasks: () => [...scheduler.tasks.values()].map(processOf),
    hosts,
    throttle: (rules) => throttle.set(rules),
    close: async (limitSeconds) => {
      await Promise.all([scheduler.close(limitSeconds), hosts.close()]);
    },
  };
}

function processOf(task: TaskRecord): TaskProcess {
  return {
    taskArn: task.arn,
    cluster: task.cluster,
    family: task.definition.family ?? '',
    service: task.service,
    lastStatus: task.status,
    address: task.status === 'STOPPED' ? null : (task.network?.address ?? null),
    networkNamespace: task.status === 'STOPPED' ? null : (task.network?.namespace ?? null),
    containers: task.containers.map(({ name, pid }) => ({ name, pid })),
  };
}
