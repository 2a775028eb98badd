import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { type LocalStack, startLocalStack } from '../../infra/local/stack.ts';
import { python, repository } from '../infra/local/probe.ts';
import { freePort } from '../support/services.ts';

/** `faultline start` on an AWS that runs already, as FAULTLINE_ENDPOINT names it. */
let stack: LocalStack;

beforeAll(async () => {
  stack = await startLocalStack({ python, port: await freePort() });
}, 60_000);
afterAll(() => stack?.stop(), 30_000);

const clientOf = () => ({ endpoint: stack.endpoint, region: stack.region, credentials: stack.root });

async function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const bootstrap = ['bin/bootstrap.mjs', 'bin/faultline.ts'];
  const environment = {
    FAULTLINE_ENDPOINT: stack.endpoint,
    // A stack of its own would have this port.
    FAULTLINE_PORT: new URL(stack.endpoint).port,
    AWS_ACCESS_KEY_ID: stack.root.accessKeyId,
    AWS_SECRET_ACCESS_KEY: stack.root.secretAccessKey,
    AWS_REGION: stack.region,
  };
  const options = { cwd: repository, env: { ...process.env, ...environment, ...env }, timeout: 120_000 };
  return promisify(execFile)(process.execPath, [...bootstrap, 'start', ...args], options);
}

test('it is deployed there, asked as an operator who goes, and stays; a second time it is there already', async () => {
  for (const time of ['the first time', 'again']) {
    const { stdout, stderr } = await start(['--dry-run', '--json', '--scenario', 'cache-failure']);
    expect([time, stderr]).toEqual([time, expect.stringContaining(`${stack.endpoint}, account ${stack.account}`)]);
    expect(JSON.parse(stdout)).toMatchObject({ refusals: [] });
    expect(stdout).toContain('cache');
    const { Stacks = [] } = await new CloudFormationClient(clientOf()).send(new DescribeStacksCommand());
    expect(Stacks.map(({ StackName }) => StackName)).toEqual(expect.arrayContaining(['Faultline']));
    const { Users = [] } = await new IAMClient(clientOf()).send(new ListUsersCommand());
    expect(Users).toEqual([]);
  }
}, 240_000);

test('where nothing answers as AWS does it ends with that line', async () => {
  const nowhere = `http://127.0.0.1:${await freePort()}`;
  const { code, stderr } = await start(['--dry-run'], { FAULTLINE_ENDPOINT: nowhere }).catch((error) => error);
  expect(code).toBe(3);
  expect(stderr).toMatch(new RegExp(`FAULTLINE_ENDPOINT: no AWS answers at ${nowhere}: .*ECONNREFUSED`));
}, 30_000);
