import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { GameDayOperator, StopRefused } from '../../../lambdas/operator/game-day-operator.ts';
import { aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
let operator: GameDayOperator;
beforeAll(async () => {
  store = await startStore();
  const deployment = {
    TableName: store.table,
    BucketName: store.bucket,
    GameDayMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:faultline-game-day',
    StopFunctionName: 'stop',
  };
  operator = new GameDayOperator(deployment, { ...store.config, forcePathStyle: true });
}, 40_000);
afterAll(() => store.stop());

test('a report comes with the evidence of its own runs, and with no other', async () => {
  const id = newRunId();
  const texts = {
    [`game-days/${id}/report.json`]: '{}',
    [`game-days/${id}/report.md`]: '# Report',
    [`runs/${id}-control/windows/1.jsonl`]: 'window',
    [`runs/${id}-two-control/windows/1.jsonl`]: "another game-day's",
  };
  for (const [key, text] of Object.entries(texts)) await store.evidence.put(key, text);
  expect(Object.fromEntries(await operator.report(id))).toEqual({
    'report.json': '{}',
    'report.md': '# Report',
    [`runs/${id}-control/windows/1.jsonl`]: 'window',
  });
});

test('without a report there is nothing, whatever evidence there may be', async () => {
  const id = newRunId();
  await store.evidence.put(`runs/${id}-control/run.json`, '{}');
  expect((await operator.report(id)).size).toBe(0);
});

test('a run that has not begun is null', async () => {
  const run = aRun();
  expect(await operator.run(run.runId)).toBeNull();
  await store.runs.create(run);
  expect(await operator.run(run.runId)).toEqual(run);
  expect(await operator.windows(run.runId, start)).toEqual([]);
});

describe('asking to stop', () => {
  // A function's own error, without a function: the deployed one is asked in the end-to-end tests.
  const lambda = mockClient(LambdaClient);
  afterAll(() => lambda.restore());

  test("passes on who asks and why, and is refused with the function's own reason", async () => {
    lambda.on(InvokeCommand).resolvesOnce({});
    await operator.stop('gd-1', 'enough', 'ann');
    const { FunctionName, Payload } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(FunctionName).toBe('stop');
    expect(JSON.parse(String(Payload))).toEqual({ gameDayId: 'gd-1', reason: 'enough', by: 'ann' });

    const error = { errorType: 'Error', errorMessage: "GameDayNotFound: no game-day 'gd-1'" };
    const payload = Buffer.from(JSON.stringify(error)) as never;
    lambda.on(InvokeCommand).resolves({ FunctionError: 'Unhandled', Payload: payload });
    const refused = operator.stop('gd-1', 'enough', 'ann');
    await expect(refused).rejects.toThrow(StopRefused);
    await expect(refused).rejects.toThrow(
      "game-day 'gd-1' could not be asked to stop: GameDayNotFound: no game-day 'gd-1'",
    );
  });
});
