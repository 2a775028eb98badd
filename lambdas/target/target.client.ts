import {
  GetParameterCommand,
  ParameterNotFound,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { describeProblems } from '../aws/input.ts';
import { inOneLine } from '../aws/one-line.ts';
import { type Target, targetSchema } from './target.ts';

export class TargetInvalid extends Error {
  constructor(parameter: string, problems: string) {
    super(`target configuration in parameter ${parameter}: ${problems}`);
    this.name = 'TargetInvalid';
  }
}

export class TargetNotFound extends Error {
  constructor(id: string, parameter: string) {
    super(`no target '${id}': there is no parameter ${parameter}`);
    this.name = 'TargetNotFound';
  }
}

/** Every target's configuration is the parameter `<path><id>`. @throws TargetNotFound, TargetInvalid */
export async function readTarget(ssm: SSMClient, path: string, id: string): Promise<Target> {
  const parameter = `${path}${id}`;
  return matching(id, parameter, parse(parameter, await readValue(ssm, parameter, id)));
}

function matching(id: string, parameter: string, target: Target): Target {
  if (target.id !== id) throw new TargetInvalid(parameter, `its id is '${target.id}'; it has to be '${id}'`);
  return target;
}

/** A target by its id, and what is wrong with its configuration, or null. */
export interface ListedTarget {
  id: string;
  target: Target | null;
  problem: string | null;
}

/** Every target that is configured below a path, by id; one whose configuration does not hold is among them. */
export async function listTargets(ssm: SSMClient, path: string): Promise<ListedTarget[]> {
  const found: ListedTarget[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath(
    { client: ssm },
    { Path: path.replace(/\/$/, '') },
  )) {
    for (const { Name = '', Value = '' } of Parameters) {
      const id = Name.slice(path.length);
      try {
        found.push({ id, target: matching(id, Name, parse(Name, Value)), problem: null });
      } catch (error) {
        if (!(error instanceof TargetInvalid)) throw error;
        found.push({ id, target: null, problem: error.message });
      }
    }
  }
  return found.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function readValue(ssm: SSMClient, parameter: string, id: string): Promise<string> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
    return Parameter?.Value ?? '';
  } catch (error) {
    if (error instanceof ParameterNotFound) throw new TargetNotFound(id, parameter);
    throw error;
  }
}

function parse(parameter: string, text: string): Target {
  const result = targetSchema.safeParse(json(parameter, text));
  if (!result.success) throw new TargetInvalid(parameter, describeProblems(result.error));
  return result.data;
}

function json(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TargetInvalid(parameter, inOneLine(`it is no JSON: ${(error as Error).message}`));
  }
}
