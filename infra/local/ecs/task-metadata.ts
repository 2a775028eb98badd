import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { taskMetadataAddress } from '../addresses.ts';
import { taskRoleOf } from './container-environment.ts';
import type { TaskRecord } from './task-record.ts';

export interface TaskMetadata {
  /** A secret that a container presents in its requests' path. */
  register(task: TaskRecord, container: string): string;
  unregister(task: TaskRecord): void;
}

interface Credentials {
  RoleArn: string;
  AccessKeyId: string;
  SecretAccessKey: string;
  Token: string;
  Expiration: string;
}

const renewBeforeMs = 5 * 60_000;

/** The endpoint at 169.254.170.2 from which a task's SDKs take its role's credentials, and its description (v4). */
export async function startTaskMetadata(sts: STSClient, now: () => number): Promise<TaskMetadata> {
  const known = new Map<string, { task: TaskRecord; container: string }>();
  const issued = new Map<string, Credentials>();

  async function credentials(task: TaskRecord): Promise<Credentials> {
    const previous = issued.get(task.arn);
    if (previous !== undefined && Date.parse(previous.Expiration) - now() > renewBeforeMs) return previous;
    const RoleArn = taskRoleOf(task) ?? '';
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: task.id, DurationSeconds: 3600 }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration } = answer.Credentials ?? {};
    const fresh: Credentials = {
      RoleArn,
      AccessKeyId,
      SecretAccessKey,
      Token: SessionToken,
      Expiration: (Expiration ?? new Date(now())).toISOString(),
    };
    issued.set(task.arn, fresh);
    return fresh;
  }

  async function answer(path: string): Promise<unknown> {
    const [, version, a = '', b = ''] = path.split('/');
    const entry = known.get(version === 'v2' ? b : a);
    if (entry === undefined) return undefined;
    if (version === 'v2' && a === 'credentials') return credentials(entry.task);
    if (version === 'v4' && b === 'task') return describeTask(entry.task);
    return version === 'v4' && b === '' ? describeContainer(entry.task, entry.container) : undefined;
  }

  const server = createServer((request, response) => {
    answer(new URL(request.url ?? '/', 'http://task').pathname).then(
      (body) => {
        response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body ?? { message: 'not found' }));
      },
      (error: Error) => {
        response.writeHead(500, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ code: error.name, message: error.message }));
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(80, taskMetadataAddress, resolve);
  });

  return {
    register(task, container) {
      const token = randomBytes(16).toString('hex');
      known.set(token, { task, container });
      return token;
    },
    unregister(task) {
      issued.delete(task.arn);
      for (const [token, entry] of known) if (entry.task === task) known.delete(token);
    },
  };
}

function describeTask(task: TaskRecord): unknown {
  return {
    Cluster: task.cluster,
    TaskARN: task.arn,
    Family: task.definition.family,
    Revision: String(task.definition.revision),
    DesiredStatus: task.stop === null ? 'RUNNING' : 'STOPPED',
    KnownStatus: task.status,
    LaunchType: 'FARGATE',
    Containers: task.containers.map(({ name }) => describeContainer(task, name)),
  };
}

function describeContainer(task: TaskRecord, name: string): unknown {
  const container = task.containers.find((one) => one.name === name);
  return {
    Name: name,
    Image: container?.definition.image,
    KnownStatus: container?.status,
    Type: 'NORMAL',
    Networks: task.network === null ? [] : [{ NetworkMode: 'awsvpc', IPv4Addresses: [task.network.address] }],
  };
}
