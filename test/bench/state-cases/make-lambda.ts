import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { python } from '../../infra/local/probe.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';

/** Makes a role that Lambdas may have and that may do nothing. Returns its ARN. */
export async function makeRole(app: DeployedApp, RoleName: string): Promise<string> {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const { Role } = await new IAMClient(app.root).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  return Role!.Arn!;
}

export interface LambdaOptions {
  /** The text of a CommonJS module that exports `handler`. */
  handler: string;
  role: string;
  timeoutSeconds?: number;
}

/** Makes a Lambda beside the deployed ones. Returns its ARN. */
export async function makeLambda(
  app: DeployedApp,
  FunctionName: string,
  { handler, role, timeoutSeconds = 30 }: LambdaOptions,
): Promise<string> {
  const { FunctionArn } = await new LambdaClient(app.root).send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      Role: role,
      Code: { ZipFile: await zipped(handler) },
    }),
  );
  return FunctionArn!;
}

/** An archive with this text as its `index.js`. */
async function zipped(text: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-lambda-'));
  try {
    await writeFile(join(folder, 'index.js'), text);
    const archive = join(folder, 'code.zip');
    await promisify(execFile)(python, ['-m', 'zipfile', '-c', archive, join(folder, 'index.js')]);
    return await readFile(archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
