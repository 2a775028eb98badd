import { cutStderr, cutStdout, summary } from '../../../../infra/local/ssm/output.ts';

test.each([
  ['stdout', cutStdout, 24_000],
  ['stderr', cutStderr, 8_000],
])('%s is shown whole up to its limit, and beyond it to its mark', (_, cut, limit) => {
  expect(cut('x'.repeat(limit))).toBe('x'.repeat(limit));
  const shown = cut('x'.repeat(limit + 1));
  expect(shown).toHaveLength(limit);
  expect(shown).toMatch(/^x+--output truncated--$/);
});

test('a summary has both streams', () => {
  expect(summary('said', '')).toBe('said');
  expect(summary('said', 'complained')).toBe('said\n----------ERROR-------\ncomplained');
});

test.each([
  ['stdout', 9_000, 10, /^o+\n---Output truncated---\n-+ERROR-+\ne{10}$/],
  ['stderr', 10, 9_000, /^o{10}\n-+ERROR-+\ne+\n---Error truncated----$/],
  ['both', 9_000, 9_000, /^o+\n---Output truncated---\n-+ERROR-+\ne+\n---Error truncated----$/],
  ['stdout alone', 9_000, 0, /^o+\n---Output truncated---$/],
])('of what is too long, %s is cut', (_, stdout, stderr, expected) => {
  const shown = summary('o'.repeat(stdout), 'e'.repeat(stderr));
  expect(shown).toMatch(expected);
  expect(shown.length).toBeGreaterThan(2_490);
  expect(shown.length).toBeLessThanOrEqual(2_500);
});
