import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { faultPlanePort } from '../../infra/local/addresses.ts';
import { waitLimits } from '../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../lambdas/scenarios/scenario.ts';
import { loadStandIn } from '../bench/state-cases/load-stand-in.ts';
import { unavailable } from '../infra/local/host/guest-test.ts';
import { eventually, node } from '../infra/local/probe.ts';
import { hurryToHold, runOf } from '../support/e2e-held-run.ts';
import { nothingLeft } from '../support/e2e-leftovers.ts';
import { DeployedApp } from '../support/e2e-stack.ts';

/** Whatever injects a fault says that it did, and did nothing: such a run says nothing of its target. */
interface Sabotage {
  scenario: ScenarioId;
  /** What the run tells. */
  reason: RegExp;
  /** On the host, as root, and its undoing. */
  script?: [done: string, undone: string];
}

const doesNothing = (tool: string): [string, string] => [
  `mount --bind /bin/true $(command -v ${tool})`,
  `umount -l $(command -v ${tool})`,
];
/** A part of the shell is what kills. */
const killsNothing: [string, string] = [
  `cp /bin/bash /run/bash; echo 'kill() { :; }' >/run/no-kill
    printf '#!/run/bash\\nexport BASH_ENV=/run/no-kill\\nexec /run/bash "$@"\\n' >/run/no-bash
    chmod +x /run/no-bash; mount --bind /run/no-bash /bin/bash`,
  'umount -l /bin/bash',
];

const onHost: Sabotage[] = [
  {
    scenario: 'network-latency',
    script: doesNothing('tc'),
    reason: /exit status 70: eth0 has no delay although tc reported success/,
  },
  { scenario: 'memory-pressure', script: doesNothing('stress-ng'), reason: /exit status 70: stress-ng ended/ },
  { scenario: 'cpu-saturation', script: doesNothing('stress-ng'), reason: /exit status 70: stress-ng ended/ },
  {
    scenario: 'application-crash',
    script: killsNothing,
    reason: /exit status 70: process \d+ was sent SIGKILL and is still there/,
  },
];
const onServices: Sabotage[] = [
  { scenario: 'database-failure', reason: /not proven within 300 s: running tasks 1 of 1; connecting: / },
  { scenario: 'cache-failure', reason: /not proven within 300 s: running tasks 1 of 1; connecting: / },
  { scenario: 'slow-query', reason: /its task has run for 3\d s; 0 sessions named .* 0 other sessions wait/ },
];

/** A task that runs and locks nothing. */
const images = { ...loadStandIn, 'faultline/slow-query': { entryPoint: ['/bin/sleep', '600'] } };

let app: DeployedApp;
const ended = new Map<ScenarioId, { verdict: unknown; verdictReason: unknown }>();

beforeAll(async () => {
  const appOn = unavailable === null ? 'host' : 'service';
  app = await DeployedApp.deploy({ targets: ['sample', 'second'], appOn, images });
  for (const { scenario } of [...onHost, ...onServices]) await hurryToHold(app, scenario);
  await scaleNothing();
  // Side by side, since most of it is waiting.
  await Promise.all([inTurn(appOn === 'host' ? onHost : [], 'sample'), inTurn(onServices, 'second')]);
}, 500_000);
afterAll(() => app?.stack.stop(), 30_000);

async function inTurn(sabotages: Sabotage[], target: string): Promise<void> {
  for (const { scenario, script } of sabotages) {
    const host = (await app.stack.hosts()).find(({ name }) => name === 'app');
    if (script) expect(await host!.run(script[0])).toMatchObject({ code: 0, stderr: '' });
    const runId = `sabotaged-${scenario}`;
    const execution = await app.startRun(scenario, runId, target);
    if (['database-failure', 'cache-failure'].includes(scenario)) await passTheLimit(runId);
    await app.executionEnd(execution);
    if (script) expect(await host!.run(script[1])).toMatchObject({ code: 0, stderr: '' });
    await nothingLeft(app, runId, 60, target);
    ended.set(scenario, (await runOf(app, runId))!);
  }
}

/** Puts something before ECS, for the function that injects alone, that answers UpdateService with success by itself. */
async function scaleNothing(): Promise<void> {
  const port = faultPlanePort + 1000;
  const pretence = `const { createServer, request } = require('node:http');
    createServer(async (incoming, answer) => {
      const chunks = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const [body, { method, url: path, headers }] = [Buffer.concat(chunks), incoming];
      if (/UpdateService$/.test(headers['x-amz-target'])) return answer.end(JSON.stringify({ service: JSON.parse(body) }));
      request({ host: '127.0.0.1', port: ${faultPlanePort}, method, path, headers, setHost: false }, (from) => {
        answer.writeHead(from.statusCode, from.headers);
        from.pipe(answer);
      }).end(body);
    }).listen(${port}, '127.0.0.1');`;
  // It ends with the stack.
  app.stack.exec([node, '-e', pretence], { timeoutMs: 600_000 }).catch(() => {});
  const lambda = new LambdaClient(app.root);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({ MaxItems: 200 }));
  const { FunctionName } = Functions.find((f) => /StepsInject/.test(f.FunctionName ?? ''))!;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Variables = { ...Environment?.Variables, AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${port}` };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
}

/** Services take minutes to stop on AWS, which the proof waits for: as if they had passed when it begins. */
async function passTheLimit(runId: string): Promise<void> {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient(app.root));
  await eventually(`${runId} injects`, async () => (await runOf(app, runId))?.phase === 'inject', 60);
  await table.send(
    new UpdateCommand({
      TableName: app.deployment.TableName,
      Key: { pk: `run#${runId}`, sk: 'run' },
      UpdateExpression: 'SET #data.phaseStartedAt = :longAgo',
      ConditionExpression: '#data.phase = :inject',
      ExpressionAttributeNames: { '#data': 'data' },
      ExpressionAttributeValues: { ':longAgo': Date.now() / 1000 - waitLimits.proof, ':inject': 'inject' },
    }),
  );
}

const testsOnHost = unavailable === null ? onHost : [];

test.each([...testsOnHost, ...onServices])(
  '$scenario is INVALID, and says what was not proven',
  ({ scenario, reason }) => {
    const { verdict, verdictReason } = ended.get(scenario)!;
    expect(verdict).toBe('INVALID');
    expect(verdictReason).toMatch(/^The fault was not proven to have landed: /);
    expect(verdictReason).toMatch(reason);
  },
);
