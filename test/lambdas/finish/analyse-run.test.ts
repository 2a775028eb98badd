import { rebuild } from '../../../lambdas/bundle/rebuild.ts';
import { verifyBundle } from '../../../lambdas/bundle/verify-bundle.ts';
import { type AnalysisIo, analyseRun, resultKey } from '../../../lambdas/finish/analyse-run.ts';
import { scenarioResultSchema } from '../../../lambdas/report/report.schema.ts';
import { fragileCache } from '../analysis/support/stories.ts';
import { tell } from '../analysis/support/story.ts';
import { measuredFiles } from '../support/bundle.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const analysis: AnalysisIo = {
  loadCommand: 'locust',
  version: '1.2.3',
  history: async ({ runId }) => ({ executionArn: `arn:${runId}`, events: [{ type: 'ExecutionStarted' }] }),
};

async function aRunToAnalyse() {
  const run = aRun({ phase: 'verify' });
  await store.runs.create(run);
  const analyse = async () => analyseRun(await contextOf(store, run, { clock: fakeClock(start + 60) }), analysis);
  const files = () => store.evidence.files(`runs/${run.runId}/`);
  const result = async () => scenarioResultSchema.parse(JSON.parse((await store.evidence.get(resultKey(run.runId)))!));
  return { run, analyse, result, files };
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

describe('the bundle of a run', () => {
  const told = tell(fragileCache).evidence;

  /** As in a run: the steps' own figures in the table, the load generator's in the bucket. */
  async function aMeasuredRun() {
    const made = await aRunToAnalyse();
    const { runId } = made.run;
    for (const event of told.events) await store.runs.addEvent(runId, event);
    for (const sample of told.samples) await store.runs.addSample(runId, sample);
    for (const [path, text] of measuredFiles(told)) await store.evidence.put(`runs/${runId}/${path}`, text);
    await made.analyse();
    return made;
  }

  test('holds what the result was made of, the configuration, the state machine, and a manifest of all that', async () => {
    const { run, files } = await aMeasuredRun();
    const bundle = await files();
    expect([...bundle.keys()].sort()).toEqual([
      'configuration.json',
      'events.jsonl',
      'generator.json',
      'ledger/00000.jsonl',
      'manifest.json',
      'readback.jsonl',
      'result.json',
      'run.json',
      'samples.jsonl',
      'state-machine.json',
      'timeline.json',
      'windows/00000.jsonl',
      'windows/00001.jsonl',
    ]);
    expect(verifyBundle(bundle)).toEqual([]);
    const json = (path: string) => JSON.parse(Buffer.from(bundle.get(path)!).toString('utf8'));
    expect(json('state-machine.json')).toEqual({
      executionArn: `arn:${run.runId}`,
      events: [{ type: 'ExecutionStarted' }],
    });
    expect(json('configuration.json')).toMatchObject({
      scenario: { id: 'cache-failure', fault: { id: 'ecs-service-stop' } },
      locustCommand:
        'locust -f locustfile.py,faultline_plugin.py --host http://app.example.internal:8000 --users 100 --spawn-rate 10',
      versions: { faultline: '1.2.3', node: process.version },
    });
  });

  test.each(['result.json', 'timeline.json'])('gives the same %s again, to the byte', async (name) => {
    const { files } = await aMeasuredRun();
    const bundle = await files();
    expect(rebuild(bundle).texts.get(name)).toBe(Buffer.from(bundle.get(name)!).toString('utf8'));
  });

  test('is what the first analysis made of it, though it broke off before its end and more was told since', async () => {
    const { run, analyse, files } = await aMeasuredRun();
    const first = await files();
    await store.runs.addEvent(run.runId, { at: start + 70, type: 'error', detail: { state: 'Analyse' } });
    const reopened = await contextOf(store, run, { clock: fakeClock(start + 80) });
    await analyseRun({ ...reopened, run: { ...run, verdict: null } }, analysis);
    expect(await files()).toEqual(first);
    expect(await analyse()).toEqual({ verdict: JSON.parse(Buffer.from(first.get('result.json')!).toString()).verdict });
  });

  test('names no user and no password that the address of the target has', async () => {
    const target = aTarget({ endpoint: 'http://ann:s3cret@app.example.internal:8000' });
    const run = aRun({ phase: 'verify', target });
    await store.runs.create(run);
    await analyseRun(await contextOf(store, run, { clock: fakeClock(start + 60), target }), analysis);
    for (const [, bytes] of await store.evidence.files(`runs/${run.runId}/`)) {
      expect(Buffer.from(bytes).toString('utf8')).not.toMatch(/ann|s3cret/);
    }
  });
});
