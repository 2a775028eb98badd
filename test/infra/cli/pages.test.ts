import { listed, tellList } from '../../../infra/cli/pages.ts';
import type { PageQuery } from '../../../lambdas/operator/operator-api.client.ts';

/** A list of so many numbers, in parts of at most a hundred as the API has them. */
function aList(length: number) {
  const asked: PageQuery[] = [];
  const partOf = async (query: PageQuery) => {
    asked.push(query);
    const from = Number(query.next ?? 0);
    const to = Math.min(from + query.limit!, length);
    const items = Array.from({ length: to - from }, (_, i) => from + i);
    return { items, next: to < length ? String(to) : null };
  };
  return { asked, partOf };
}

test('what fits into a part is asked for once', async () => {
  const { asked, partOf } = aList(250);
  expect(await listed({ limit: 20 }, partOf)).toMatchObject({ items: { length: 20 }, next: '20' });
  expect(asked).toEqual([{ limit: 20, next: undefined }]);
});

test('a longer list is asked for in parts, up to what is wanted', async () => {
  const { asked, partOf } = aList(250);
  const { items, next } = await listed({ limit: 210 }, partOf);
  expect([items, next]).toEqual([Array.from({ length: 210 }, (_, i) => i), '210']);
  expect(asked.map(({ limit }) => limit)).toEqual([100, 100, 10]);
});

test('it ends where the list ends, and goes on where an earlier one did', async () => {
  const { items, next } = await listed({ limit: 1000, next: '240' }, aList(250).partOf);
  expect([items.length, next]).toEqual([10, null]);
});

test('that there is nothing, and that there is more, is told', () => {
  expect(tellList({ items: [], next: null }, 'There is no run.', String)).toBe('There is no run.');
  expect(tellList({ items: [1], next: 'abc' }, '', String)).toBe('1\nThere are more: --next abc');
});
