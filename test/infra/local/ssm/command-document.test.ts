import { findDocument } from '../../../../infra/local/ssm/command-document.ts';
import { documents } from '../../../../infra/ssm/documents.ts';

const step = { action: 'aws:runShellScript', name: 'only', inputs: { runCommand: ['true'] } };
const whole = { schemaVersion: '2.2', mainSteps: [step] };
const find = (content: unknown) => findDocument([{ name: 'Test', content }], 'Test');

test.each(documents.map(({ name }) => name))('%s can be run', (name) => {
  expect(findDocument(documents, name).mainSteps.length).toBeGreaterThan(0);
});

test.each([
  ['another schema', { ...whole, schemaVersion: '1.2' }, /schemaVersion/],
  ['no step', { ...whole, mainSteps: [] }, /mainSteps/],
  ['a step with a name too short', { ...whole, mainSteps: [{ ...step, name: 'ab' }] }, /mainSteps\.0\.name/],
  [
    'another plug-in',
    { ...whole, mainSteps: [{ ...step, action: 'aws:runPowerShellScript' }] },
    /mainSteps\.0\.action/,
  ],
  [
    'an input that nothing heeds',
    { ...whole, mainSteps: [{ ...step, inputs: { ...step.inputs, finallyStep: 'true' } }] },
    /finallyStep/,
  ],
  ['a type that it does not know', { ...whole, parameters: { A: { type: 'Boolean' } } }, /parameters\.A\.type/],
  ['a parameter with a name of another kind', { ...whole, parameters: { 'a-b': { type: 'String' } } }, /parameters/],
])('a document with %s is refused, and it is said where', (_, content, where) => {
  expect(() => find(content)).toThrow(
    expect.objectContaining({ code: 'InvalidDocument', message: expect.stringMatching(where) }),
  );
});
