import { Readable } from 'node:stream';
import type { ECSClient, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-ecs';

/**
 * The emulator's CloudFormation keeps parts of a task definition in a template's PascalCase (`Secrets[].ValueFrom`,
 * `HealthCheck`, `Volumes`), which the SDK then cannot see. This puts every answer that describes a task definition into
 * the API's own camelCase before it is read.
 */
export function readDefinitionKeys(ecs: ECSClient): void {
  ecs.middlewareStack.addRelativeTo(
    (next, context) => async (args) => {
      const result = await next(args);
      const { commandName } = context as { commandName?: string };
      if (commandName !== 'DescribeTaskDefinitionCommand') return result;
      const response = result.response as {
        statusCode: number;
        body: AsyncIterable<Buffer>;
        headers: Record<string, string>;
      };
      const text = Buffer.concat(await Array.fromAsync(response.body)).toString();
      const body = response.statusCode === 200 ? JSON.stringify(camelKeys(JSON.parse(text))) : text;
      return { ...result, response: Object.assign(response, { body: Readable.from([Buffer.from(body)]) }) };
    },
    { name: 'faultlineDefinitionKeys', relation: 'after', toMiddleware: 'deserializerMiddleware', override: true },
  );
}

/** Maps from names to values, whose keys are data and stay as they are. */
const maps = new Set(['options', 'labels', 'dockerLabels', 'driverOpts']);

function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const camel = key[0]!.toLowerCase() + key.slice(1);
      return [camel, maps.has(camel) ? inner : camelKeys(inner)];
    }),
  );
}
