import fc from 'fast-check';
import { failureReason } from '../../../lambdas/game-day/failure-reason.ts';

const lambdaError = {
  errorType: 'TargetLeased',
  errorMessage: "target 'shop' is in use\n  by run r-1",
  trace: ['at x'],
};

test("a Lambda's own error is found inside a child execution's description", () => {
  const child = { ExecutionArn: 'arn:…', Status: 'FAILED', Error: 'TargetLeased', Cause: JSON.stringify(lambdaError) };
  expect(failureReason(JSON.stringify(child))).toBe("TargetLeased: target 'shop' is in use by run r-1");
  expect(failureReason(JSON.stringify(lambdaError))).toBe("TargetLeased: target 'shop' is in use by run r-1");
});

test('a name that the message begins with is told once', () => {
  const named = { errorType: 'Error', errorMessage: "TargetLeased: target 'shop' is in use" };
  expect(failureReason(JSON.stringify(named))).toBe("TargetLeased: target 'shop' is in use");
});

test.each([
  [
    'a time-out, which has no cause',
    JSON.stringify({ Status: 'TIMED_OUT', Error: 'States.Timeout' }),
    'States.Timeout',
  ],
  ['an empty cause', JSON.stringify({ Error: 'States.TaskFailed', Cause: '' }), 'States.TaskFailed'],
  ['a cause in words', JSON.stringify({ Error: 'E', Cause: 'the role is gone' }), 'the role is gone'],
  ['plain words', 'Execution Already Exists', 'Execution Already Exists'],
  ['a description that was cut short', '{"ExecutionArn":"arn', '{"ExecutionArn":"arn'],
  [
    'a message without a type',
    JSON.stringify({ errorMessage: 'Task timed out after 90 s' }),
    'Task timed out after 90 s',
  ],
])('%s is told as it is', (_what, problem, reason) => {
  expect(failureReason(problem)).toBe(reason);
});

test('whatever it gets, it is one short line', () => {
  const json = fc.json().map((text) => JSON.stringify({ Error: 'E', Cause: text }));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), json, fc.string({ minLength: 400 })), (problem) => {
      const reason = failureReason(problem);
      expect(reason).not.toMatch(/[\r\n]/);
      expect(reason.length).toBeLessThanOrEqual(300);
    }),
  );
});
