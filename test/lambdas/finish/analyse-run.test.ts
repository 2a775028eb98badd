import { analyseRun, resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { scenarioResultSchema } from '../../../lambdas/report/report.schema.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

async function aRunToAnalyse() {
  const run = aRun({ phase: 'verify' });
  await store.runs.create(run);
  const analyse = async () => analyseRun(await contextOf(store, run, { clock: fakeClock(start + 60) }), 'locust');
  const result = async () => scenarioResultSchema.parse(JSON.parse((await store.evidence.get(resultKey(run.runId)))!));
  return { run, analyse, result };
}

test('a run that was stopped before anything was measured has a result and a verdict all the same', async () => {
  const { run, analyse, result } = await aRunToAnalyse();
  await store.runs.requestStop(run.runId, { reason: 'enough', by: 'ann', at: start + 5 });
  expect(await analyse()).toEqual({ verdict: 'ABORTED' });
  expect(await store.runs.get(run.runId)).toMatchObject({
    phase: 'done',
    verdict: 'ABORTED',
    verdictReason: 'Stopped by ann: enough.',
    endedAt: start + 60,
  });
  expect(await result()).toMatchObject({ runId: run.runId, verdict: 'ABORTED' });
});

test('two clean-ups of one run come to one result: the first', async () => {
  const { run, analyse, result } = await aRunToAnalyse();
  await store.evidence.putFirst(resultKey(run.runId), JSON.stringify({ verdict: 'FAIL', reason: 'the other one' }));
  expect(await analyse()).toEqual({ verdict: 'FAIL' });
  expect(await store.runs.get(run.runId)).toMatchObject({ verdict: 'FAIL', verdictReason: 'the other one' });
  await expect(result()).rejects.toThrow();
});

test('what the table lets expire is kept before anything can go wrong with the rest of the evidence', async () => {
  const { run, analyse } = await aRunToAnalyse();
  await store.evidence.put(`runs/${run.runId}/ledger/0.jsonl`, 'no ledger\n');
  await expect(analyse()).rejects.toThrow();
  const kept = await store.evidence.keys(`runs/${run.runId}/`);
  expect(kept).toEqual(
    expect.arrayContaining(['run.json', 'events.jsonl', 'samples.jsonl'].map((f) => `runs/${run.runId}/${f}`)),
  );
});
