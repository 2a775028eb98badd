import { aRun, newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const entry = { class: 'users' as const, key: 'u1', intent: start, ack: start + 0.1, outcome: 'acked' as const };

test('what is put there first stays, for everybody', async () => {
  const key = `runs/${newRunId()}/result.json`;
  expect(await store.evidence.putFirst(key, 'first')).toBe('first');
  expect(await store.evidence.putFirst(key, 'second')).toBe('first');
  expect(await store.evidence.get(key)).toBe('first');
});

test('what was put is got, and what was not is null', async () => {
  await store.evidence.put('some/key', 'text ü');
  expect(await store.evidence.get('some/key')).toBe('text ü');
  expect(await store.evidence.get('some/other')).toBeNull();
});

test('keys are those of the prefix, all of them', async () => {
  const prefix = `runs/${newRunId()}/`;
  const names = Array.from({ length: 1005 }, (_, i) => `${prefix}${String(i).padStart(4, '0')}`);
  for (let i = 0; i < names.length; i += 50) {
    await Promise.all(names.slice(i, i + 50).map((name) => store.evidence.put(name, 'x')));
  }
  expect((await store.evidence.keys(prefix)).sort()).toEqual(names);
});

test('a ledger is read from all of its slices, and only from its own run', async () => {
  const { runId } = aRun();
  await store.evidence.put(`runs/${runId}/ledger/a.jsonl`, `${JSON.stringify(entry)}\n`);
  await store.evidence.put(`runs/${runId}/ledger/b.jsonl`, `${JSON.stringify({ ...entry, key: 'u2' })}\n\n`);
  await store.evidence.put(`runs/${runId}-2/ledger/a.jsonl`, `${JSON.stringify({ ...entry, key: 'u3' })}\n`);
  expect((await store.evidence.ledger(runId)).map((e) => e.key)).toEqual(['u1', 'u2']);
  expect(await store.evidence.windows(runId)).toEqual([]);
});

test('a damaged line is an error, not one write less', async () => {
  const { runId } = aRun();
  await store.evidence.put(`runs/${runId}/ledger/a.jsonl`, `${JSON.stringify(entry)}\n{"class":"us`);
  await expect(store.evidence.ledger(runId)).rejects.toThrow();
});

test('the read-back is read as it was written', async () => {
  const { runId } = aRun();
  const answers = [{ class: 'users' as const, key: 'u1', found: 'missing' as const, control: true }];
  await store.evidence.writeReadback(runId, answers);
  expect(await store.evidence.readback(runId)).toEqual(answers);
});

test('a generator that left no report left none', async () => {
  expect(await store.evidence.generator(newRunId())).toBeNull();
});
