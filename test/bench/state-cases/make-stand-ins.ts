import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateActivityCommand } from '@aws-sdk/client-sfn';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import { injectedError, type StandIns, taskTimeoutSeconds } from './failing.ts';
import { makeLambda } from './make-lambda.ts';

const answersAfterSeconds = taskTimeoutSeconds + 4;

const handlers = {
  throws: `exports.handler = async () => {
    // Not every runtime tells an error's name.
    throw Object.assign(new Error('${injectedError}: on purpose'), { name: '${injectedError}' });
  };`,
  hangs: `exports.handler = () => new Promise((answer) => setTimeout(answer, ${answersAfterSeconds * 1000}, {}));`,
};

/**
 * Makes the Lambdas and the activity that stand in for failing states, and lets these roles invoke the Lambdas.
 * @param role of the Lambdas, an ARN @param machineRoles names
 */
export async function makeStandIns(app: DeployedApp, role: string, machineRoles: readonly string[]): Promise<StandIns> {
  const { activityArn } = await app.sfn.send(new CreateActivityCommand({ name: 'nobody' }));
  const standIn = (name: keyof typeof handlers) => {
    const options = { handler: handlers[name], role, timeoutSeconds: answersAfterSeconds * 2 };
    return makeLambda(app, `stand-in-${name}`, options);
  };
  const [throws, hangs] = [await standIn('throws'), await standIn('hangs')];
  const iam = new IAMClient(app.root);
  for (const RoleName of machineRoles) {
    const Statement = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [throws, hangs] }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'StandIns', PolicyDocument }));
  }
  return { throws, hangs, nobody: activityArn! };
}
