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
  await lever.move(false, bob);
  expect(await lever.history()).toEqual([]);

  const pulled = await lever.move(true, ann);
  expect(pulled).toEqual({ pulled: true, ...ann, at: expect.closeTo(Date.now() / 1000, -1) });
  await expect(lever.assertReleased()).rejects.toThrow(LeverPulled);
  await expect(lever.assertReleased()).rejects.toThrow('pulled by ann: sale today');

  // Pulled once more it stays the first one's: the reason for the stop must not change afterwards.
  expect(await lever.move(true, bob)).toEqual(pulled);

  const released = await lever.move(false, bob);
  await expect(lever.assertReleased()).resolves.toBeUndefined();
  expect(await lever.history()).toEqual([pulled, released]);
});

test('of many who pull it at the same moment one is the first, for all of them', async () => {
  const people = Array.from({ length: 8 }, (_, i) => ({ by: `person ${i}`, reason: 'now' }));
  const before = (await store.lever.history()).length;
  await Promise.all(people.map((person) => store.lever.move(true, person)));
  const history = await store.lever.history();
  expect(history).toHaveLength(before + 1);
  expect(await store.lever.read()).toEqual(history.at(-1));
});
