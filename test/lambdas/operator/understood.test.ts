import { z } from 'zod';
import { AnswerNotUnderstood, understood } from '../../../lambdas/operator/understood.ts';

const schema = z.object({ items: z.array(z.object({ target: z.strictObject({ id: z.string() }) })) });

test('what a later version says beside it is left out, and the answer is left as it is', () => {
  const answer = { items: [{ target: { id: 'shop', load: {} }, more: 1 }, { target: { id: 'blog' } }] };
  expect(understood(schema, answer)).toEqual({ items: [{ target: { id: 'shop' } }, { target: { id: 'blog' } }] });
  expect(answer.items[0]!.target).toHaveProperty('load');
});

test('what is missing or different is told in one line that says what to do', () => {
  for (const answer of [{ items: [{ target: { load: {} } }] }, { items: 1 }, null]) {
    expect(() => understood(schema, answer)).toThrow(AnswerNotUnderstood);
    expect(() => understood(schema, answer)).toThrow(
      /^the API's answer is of another version than this \([^\n]+\); use/,
    );
  }
});
