import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { handler as recordError } from '../../../lambdas/finish/record-error.lambda.ts';
import { handler as observe } from '../../../lambdas/observer/observe.lambda.ts';
import { aRun, newRunId } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

/** The handlers themselves, on the emulator. */
const target = aTarget();
let store: Store;
beforeAll(async () => {
  store = await startStore();
  const { endpoint, region, credentials } = store.config;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    TABLE_NAME: store.table,
    BUCKET_NAME: store.bucket,
    TARGETS_PATH: '/targets/',
  });
  const Value = JSON.stringify(target);
  await new SSMClient(store.config).send(
    new PutParameterCommand({ Name: `/targets/${target.id}`, Value, Type: 'String' }),
  );
}, 40_000);
afterAll(() => store.stop());

/** By a clock that stands still, so that whoever renews it is seen. */
async function aLeasedRun() {
  const run = aRun({ createdAt: 1, targetId: target.id });
  await store.runs.create(run);
  await store.leases({ now: () => 1000, sleep: async () => {} }).take([newRunId()], run.runId, async () => true);
  return run;
}

const expiryOf = async (runId: string) =>
  (await store.leases().all()).find((lease) => lease.runId === runId)!.expiresAt;

test('a step that conducts a run keeps its lease alive', async () => {
  const { runId } = await aLeasedRun();
  await recordError({ runId, state: 'Watch fault', error: 'Error', cause: '' }, {} as Context);
  expect(await expiryOf(runId)).toBeGreaterThan(Date.now() / 1000);
});

test('an observer leaves the lease to those who conduct the run', async () => {
  const { runId } = await aLeasedRun();
  const before = await expiryOf(runId);
  expect(await observe({ runId, slice: 1000 }, {} as Context)).toEqual({ ended: true });
  expect(await expiryOf(runId)).toBe(before);
});
