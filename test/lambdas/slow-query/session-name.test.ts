import { sessionName } from '../../../lambdas/slow-query/session-name.ts';

test("a run's sessions are named after it", () => {
  expect(sessionName('gd-20261124-101500-abc123-slow-query')).toBe(
    'faultline-slow-gd-20261124-101500-abc123-slow-query',
  );
});

test('the longest run ids fit, and differ', () => {
  const names = ['a', 'b'].map((last) => sessionName(`${'r'.repeat(63)}${last}`));
  for (const name of names) expect(name).toMatch(/^faultline-slow-r+-[0-9a-f]{16}$/);
  expect(names.map((name) => name.length)).toEqual([63, 63]);
  expect(new Set(names).size).toBe(2);
});

test.each([48, 49])('an id of %i characters', (length) => {
  expect(sessionName('r'.repeat(length)).length).toBe(63);
});
