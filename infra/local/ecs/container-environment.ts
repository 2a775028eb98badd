import { apiPort, endpointAddress, taskMetadataAddress } from '../addresses.ts';
import type { ContainerRecord, TaskRecord } from './task-record.ts';

export interface EnvironmentSources {
  region: string;
  path: string;
  home: string;
  hostname: string;
  /** Names this task and container at the metadata endpoint. */
  token: string;
  secrets: Record<string, string>;
}

/** A container's environment, later ones winning: ECS' own, the definition's, its secrets, the overrides. */
export function containerEnvironment(
  task: TaskRecord,
  container: ContainerRecord,
  { region, path, home, hostname, token, secrets }: EnvironmentSources,
): Record<string, string> {
  const override = task.overrides.containerOverrides?.find(({ name }) => name === container.name);
  const role = taskRoleOf(task);
  return {
    PATH: path,
    HOME: home,
    HOSTNAME: hostname,
    LANG: 'C.UTF-8',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: `http://${endpointAddress}:${apiPort}`,
    ECS_CONTAINER_METADATA_URI_V4: `http://${taskMetadataAddress}/v4/${token}`,
    ...(role === undefined ? {} : { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: `/v2/credentials/${token}` }),
    ...pairs(container.definition.environment),
    ...secrets,
    ...pairs(override?.environment),
  };
}

export function taskRoleOf(task: TaskRecord): string | undefined {
  return task.overrides.taskRoleArn || task.definition.taskRoleArn || undefined;
}

/** The command of the overrides, else of the definition, else undefined: the image's own. */
export function commandOf(task: TaskRecord, container: ContainerRecord): string[] | undefined {
  const override = task.overrides.containerOverrides?.find(({ name }) => name === container.name);
  const command = override?.command ?? container.definition.command;
  return command === undefined || command.length === 0 ? undefined : command;
}

function pairs(list: { name?: string; value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ name, value }) => [name ?? '', value ?? '']));
}
