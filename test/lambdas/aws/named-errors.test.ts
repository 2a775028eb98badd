import middy from '@middy/core';
import { namedErrors } from '../../../lambdas/aws/named-errors.ts';

class TargetLeased extends Error {
  override name = 'TargetLeased';
}

const failing = (error: Error) =>
  middy()
    .use(namedErrors())
    .handler(async () => {
      throw error;
    });
const context = {} as never;

test('an error carries its name in its message, once', async () => {
  const error = new TargetLeased('in use by run a');
  for (let i = 0; i < 2; i++) await expect(failing(error)({}, context)).rejects.toBe(error);
  expect(error).toMatchObject({ name: 'TargetLeased', message: 'TargetLeased: in use by run a' });
});

test('an error without a name of its own is left alone', async () => {
  await expect(failing(new Error('out of order'))({}, context)).rejects.toThrow(/^out of order$/);
});
