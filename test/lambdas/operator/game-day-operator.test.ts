import { GameDayOperator } from '../../../lambdas/operator/game-day-operator.ts';
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
    ApiUrl: `${store.config.endpoint}/v1`,
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
