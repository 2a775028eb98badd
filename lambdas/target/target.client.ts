import { GetParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { type Target, targetSchema } from './target.ts';

export class TargetInvalid extends Error {
  constructor(parameter: string, problems: string) {
    super(`target configuration in parameter ${parameter}: ${problems}`);
    this.name = 'TargetInvalid';
  }
}

/** @throws TargetInvalid */
export async function readTarget(ssm: SSMClient, parameter: string): Promise<Target> {
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  const result = targetSchema.safeParse(json(parameter, Parameter?.Value ?? ''));
  if (!result.success) throw new TargetInvalid(parameter, z.prettifyError(result.error));
  return result.data;
}

function json(parameter: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TargetInvalid(parameter, `it is no JSON: ${(error as Error).message}`);
  }
}
