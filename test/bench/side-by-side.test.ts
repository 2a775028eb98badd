import { setTimeout as sleep } from 'node:timers/promises';
import { sideBySide } from './side-by-side.ts';

test('has the results in the order of the works', async () => {
  const works = [20, 1].map((ms) => () => sleep(ms, ms));
  expect(await sideBySide(new AbortController().signal, works)).toEqual([20, 1]);
});

test('where one fails the others end, and are waited for', async () => {
  let ended = false;
  const other = async (signal: AbortSignal) => {
    await sleep(60_000, undefined, { signal }).catch(() => sleep(20));
    ended = true;
  };
  const failing = () => Promise.reject(new Error('the first'));
  await expect(sideBySide(new AbortController().signal, [other, failing])).rejects.toThrow('the first');
  expect(ended).toBe(true);
});

test('is over with the reason of whoever stops it', async () => {
  const stopping = new AbortController();
  const work = (signal: AbortSignal) => sleep(60_000, undefined, { signal });
  const all = sideBySide(stopping.signal, [work, work]);
  stopping.abort(new Error('enough'));
  await expect(all).rejects.toThrow('enough');
});
