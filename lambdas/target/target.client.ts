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
  const result = targetSchema.safeParse(JSON.parse(Parameter?.Value ?? 'null'));
  if (!result.success) throw new TargetInvalid(parameter, z.prettifyError(result.error));
  return result.data;
}
