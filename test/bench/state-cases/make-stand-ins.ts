import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateActivityCommand, SFNClient } from '@aws-sdk/client-sfn';
import { python } from '../../infra/local/probe.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import { injectedError, type StandIns, taskTimeoutSeconds } from './failing.ts';

const answersAfterSeconds = taskTimeoutSeconds + 4;

const handlers = {
  throws: `exports.handler = async () => {
    // Not every runtime tells an error's name.
    throw Object.assign(new Error('${injectedError}: on purpose'), { name: '${injectedError}' });
  };`,
  hangs: `exports.handler = () => new Promise((answer) => setTimeout(answer, ${answersAfterSeconds * 1000}, {}));`,
};

/** Makes the Lambdas and the activity that stand in for failing states, and lets these roles invoke the Lambdas. */
export async function makeStandIns(app: DeployedApp, machineRoles: readonly string[]): Promise<StandIns> {
  const { activityArn } = await new SFNClient(app.root).send(new CreateActivityCommand({ name: 'nobody' }));
  const role = await makeRole(app);
  const throws = await makeLambda(app, 'throws', role);
  const hangs = await makeLambda(app, 'hangs', role);
  const iam = new IAMClient(app.root);
  for (const RoleName of machineRoles) {
    const Statement = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [throws, hangs] }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'StandIns', PolicyDocument }));
  }
  return { throws, hangs, nobody: activityArn! };
}

async function makeRole(app: DeployedApp): Promise<string> {
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const command = new CreateRoleCommand({ RoleName: 'stand-ins', AssumeRolePolicyDocument });
  const { Role } = await new IAMClient(app.root).send(command);
  return Role!.Arn!;
}

async function makeLambda(app: DeployedApp, name: keyof typeof handlers, Role: string): Promise<string> {
  const { FunctionArn } = await new LambdaClient(app.root).send(
    new CreateFunctionCommand({
      FunctionName: `stand-in-${name}`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: answersAfterSeconds * 2,
      Role,
      Code: { ZipFile: await zipped(handlers[name]) },
    }),
  );
  return FunctionArn!;
}

/** An archive with this text as its `index.js`. */
async function zipped(text: string): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-stand-in-'));
  try {
    await writeFile(join(folder, 'index.js'), text);
    const archive = join(folder, 'code.zip');
    await promisify(execFile)(python, ['-m', 'zipfile', '-c', archive, join(folder, 'index.js')]);
    return await readFile(archive);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
