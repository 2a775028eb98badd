import type { CommandDocument } from '../../../../infra/local/ssm/command-document.ts';
import { planSteps, replaceParameters } from '../../../../infra/local/ssm/steps.ts';

const step = { action: 'aws:runShellScript' as const, name: 'only' };
const text = { type: 'String' as const };

function documentOf(more: Partial<CommandDocument>): CommandDocument {
  return { schemaVersion: '2.2', parameters: {}, mainSteps: [{ ...step, inputs: { runCommand: 'true' } }], ...more };
}

test.each([
  ['a={{ A }};b={{B}}', 'a=1;b=two words'],
  ['{{A}}{{ A}}{{A }}', '111'],
  ['{{ Unknown }} {{ ssm:A }}', '{{ Unknown }} {{ ssm:A }}'],
  ['{{ Nested }}', '{{ A }}'],
  ['{{ Dollars }}', "$ $& $1 $'"],
])('%s becomes %s', (script, expected) => {
  const values = { A: '1', B: 'two words', Nested: '{{ A }}', Dollars: "$$ $& $1 $'" };
  expect(replaceParameters(script, values)).toBe(expected);
});

test('a list goes into the text as JSON', () => {
  expect(replaceParameters('{{ Names }}', { Names: ['a', 'b'] })).toBe('["a","b"]');
});

test('the lines of a script are joined, and its values put in', () => {
  const inputs = { runCommand: ['#!/bin/bash', "echo '{{ Word }}'"], workingDirectory: '/tmp/{{ Word }}' };
  const [planned] = planSteps(documentOf({ parameters: { Word: text }, mainSteps: [{ ...step, inputs }] }), {
    Word: 'so',
  });
  expect(planned).toMatchObject({
    script: "#!/bin/bash\necho 'so'\n",
    workingDirectory: '/tmp/so',
    environment: {},
    skipped: undefined,
  });
});

test('a value for the environment is no part of the script', () => {
  const parameters = { Word: { ...text, interpolationType: 'ENV_VAR' as const } };
  const inputs = { runCommand: 'echo "$SSM_Word" {{ Word }}' };
  const [planned] = planSteps(documentOf({ parameters, mainSteps: [{ ...step, inputs }] }), { Word: '$(id); "' });
  expect(planned!.environment).toEqual({ SSM_Word: '$(id); "' });
  expect(planned!.script).toBe('echo "$SSM_Word" {{ Word }}\n');
});

test.each([
  ['{{ Limit }}', 90],
  [30, 30],
  ['5', 5],
  ['4', 3_600],
  ['172800', 172_800],
  ['172801', 3_600],
  ['soon', 3_600],
  [undefined, 3_600],
])('a time-out of %s is %d s', (timeoutSeconds, expected) => {
  const inputs = { runCommand: 'true', ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
  const document = documentOf({ parameters: { Limit: text }, mainSteps: [{ ...step, inputs }] });
  expect(planSteps(document, { Limit: '90' })[0]!.timeoutSeconds).toBe(expected);
});

test('a step for another platform is skipped, and says why', () => {
  const steps = ['Linux', 'Windows'].map((platform) => ({
    ...step,
    inputs: { runCommand: 'true' },
    precondition: { StringEquals: ['platformType', platform] as [string, string] },
  }));
  const planned = planSteps(documentOf({ mainSteps: steps }), {});
  expect(planned.map(({ skipped }) => skipped)).toEqual([undefined, expect.stringMatching(/platformType, Windows/)]);
});
