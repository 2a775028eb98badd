import { z } from 'zod';
import { InputInvalid, parseInput } from '../../../lambdas/aws/input.ts';
import { prepareInput } from '../../../lambdas/prepare/prepare.ts';

test('an input that is right is returned with its defaults', () => {
  const input = { runId: 'run-1', target: 'shop', scenario: 'control', profile: 'quick' };
  expect(parseInput(prepareInput, input)).toEqual({ ...input, gameDayId: null, dryRun: false });
});

test('a wrong one is told in one line, with every field that is wrong', () => {
  const parse = () => parseInput(prepareInput, { runId: 'A', scenario: 'meteor', profile: 'quick', force: true });
  expect(parse).toThrow(InputInvalid);
  expect(parse).toThrow(/^runId: .*; scenario: .*"control".*; .*"force".*$/);
});

test('one that is wrong as a whole is told without a field', () => {
  expect(() => parseInput(z.string(), 7)).toThrow(/^Invalid input: expected string, received number$/);
});
