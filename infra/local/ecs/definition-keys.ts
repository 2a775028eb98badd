import { Readable } from 'node:stream';
import type { ECSClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-ecs';
import type { DeserializeMiddleware } from '@smithy/types';

/**
 * The emulator's CloudFormation keeps parts of a task definition in a template's own keys (`Secrets[].ValueFrom`,
 * `HealthCheck`, `EFSVolumeConfiguration`), which the SDK cannot see. With this, every answer that describes a task
 * definition is in the API's keys before it is read.
 */
export function readDefinitionKeys(ecs: ECSClient): void {
  const middleware: DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes> = (next, context) => async (args) => {
    const result = await next(args);
    if (context.commandName !== 'DescribeTaskDefinitionCommand') return result;
    const response = result.response as { statusCode: number; body: AsyncIterable<Buffer> };
    const text = Buffer.concat(await Array.fromAsync(response.body)).toString();
    const body = response.statusCode === 200 ? JSON.stringify(apiKeys(JSON.parse(text))) : text;
    return { ...result, response: Object.assign(response, { body: Readable.from([Buffer.from(body)]) }) };
  };
  ecs.middlewareStack.addRelativeTo(middleware, {
    name: 'faultlineDefinitionKeys',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
    override: true,
  });
}

/** Maps from names to values, whose keys are data and stay as they are. */
const maps = new Set(['options', 'labels', 'dockerLabels', 'driverOpts']);

/** Where the API's key is not the template's with a small first letter, by what the rule would make of it. */
const exceptions: Record<string, string> = {
  eFSVolumeConfiguration: 'efsVolumeConfiguration',
  filesystemId: 'fileSystemId',
  iAM: 'iam',
};

/** The same in the API's camelCase, whichever of the two it was in. */
export function apiKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(apiKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const camel = key.charAt(0).toLowerCase() + key.slice(1);
      return [exceptions[camel] ?? camel, maps.has(camel) ? inner : apiKeys(inner)];
    }),
  );
}
