import { LeverPulled } from '../../../lambdas/safety/lever.client.ts';
import { type Store, startStore } from '../support/store.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const ann = { by: 'ann', reason: 'sale today' };
const bob = { by: 'bob', reason: 'sale is over' };

test('the safety lever, from the first touch on: who moved it, when and why, and what it refuses', async () => {
  const { lever } = store;
  expect(await lever.read()).toBeNull();
  await expect(lever.assertReleased()).resolves.toBeUndefined();
  // Nobody has pulled it: there is nothing to release.
  const untouched = { pulled: false, by: null, reason: null, at: null, changed: false };
  expect(await lever.move(false, bob)).toEqual(untouched);
  expect([await lever.read(), await lever.history()]).toEqual([null, []]);

  const { changed, ...pulled } = await lever.move(true, ann);
  expect(changed).toBe(true);
  expect(pulled).toEqual({ pulled: true, ...ann, at: expect.closeTo(Date.now() / 1000, -1) });
  await expect(lever.assertReleased()).rejects.toThrow(LeverPulled);
  await expect(lever.assertReleased()).rejects.toThrow('pulled by ann: sale today');

  // Pulled once more it stays the first one's: the reason for the stop must not change afterwards.
  expect(await lever.move(true, bob)).toEqual({ ...pulled, changed: false });

  const released = { pulled: false, ...bob, at: expect.closeTo(Date.now() / 1000, -1) };
  expect(await lever.move(false, bob)).toEqual({ ...released, changed: true });
  expect(await lever.move(false, ann)).toEqual({ ...released, changed: false });
  await expect(lever.assertReleased()).resolves.toBeUndefined();
  expect(await lever.history()).toEqual([pulled, released]);
});

test('of many who pull it at the same moment one is the first, for all of them', async () => {
  const people = Array.from({ length: 8 }, (_, i) => ({ by: `person ${i}`, reason: 'now' }));
  const before = (await store.lever.history()).length;
  const moves = await Promise.all(people.map((person) => store.lever.move(true, person)));
  const { changed, ...first } = moves.find((move) => move.changed)!;
  expect(moves.filter((move) => !move.changed)).toEqual(Array(people.length - 1).fill({ ...first, changed: false }));
  const history = await store.lever.history();
  expect(history).toHaveLength(before + 1);
  expect([await store.lever.read(), first]).toEqual([history.at(-1), history.at(-1)]);
});
