import validate from 'asl-validator';
import { cases } from './cases.ts';
import { statesOf } from './definition.ts';
import { machines } from './machines.fixture.ts';
import { onlyFor } from './only-for.ts';

const original = machines().definitionOf('faultline-clean-up');
const standIns = {
  throws: 'arn:aws:lambda:us-east-1:000000000000:function:throws',
  hangs: 'hangs',
  nobody: 'arn:aws:states:us-east-1:000000000000:activity:nobody',
};
const [failing] = cases(original);
const mutated = failing!.mutated(standIns);
const definition = onlyFor('case-7', mutated, original);

test('one run follows its own definition, every other run the original', () => {
  expect(definition.StartAt).toBe('Whose?');
  const { 'Whose?': whose, Others: others, ...own } = definition.States;
  expect(whose).toMatchObject({
    Choices: [{ Condition: "{% $states.input.runId = 'case-7' %}", Next: mutated.StartAt }],
    Default: 'Others',
  });
  expect(own).toEqual(mutated.States);
  const { StartAt, States } = original;
  expect(JSON.parse(JSON.stringify(others!.Branches![0]).replaceAll('Others: ', ''))).toEqual({ StartAt, States });
});

test('every state has a name of its own', () => {
  const names = statesOf(definition).map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBe(2 + statesOf(mutated).length + statesOf(original).length);
});

test('it is valid Amazon States Language', async () => {
  const { errors } = await validate(JSON.parse(JSON.stringify(definition)), { checkPaths: true, checkArn: false });
  expect(errors).toEqual([]);
});
