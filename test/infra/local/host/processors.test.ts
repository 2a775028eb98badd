import { availableParallelism } from 'node:os';
import { listed, Processors } from '../../../../infra/local/host/processors.ts';

test.each([
  ['0', [0]],
  ['0-3', [0, 1, 2, 3]],
  ['1,4-5,63', [1, 4, 5, 63]],
])("the kernel's list %s", (list, numbers) => {
  expect(listed(list)).toEqual(numbers);
});

test('guests are shared out evenly, and one that has ended makes room for the next', () => {
  const processors = new Processors([0, 2, 5], () => 0.999);
  expect([1, 2, 3, 4].map(() => processors.take())).toEqual([5, 2, 0, 5]);
  processors.release(2);
  expect(processors.take()).toBe(2);
});

test('which comes first is left to chance, so that several stacks do not all begin with the same', () => {
  const first = (chance: number) => new Processors([0, 2, 5], () => chance).take();
  expect([0, 0.5, 0.999].map(first)).toEqual([0, 2, 5]);
});

test('those of this machine are as many as it gives to this process', () => {
  const processors = new Processors();
  const all = Array.from({ length: availableParallelism() }, () => processors.take());
  expect(new Set(all).size).toBe(all.length);
});
