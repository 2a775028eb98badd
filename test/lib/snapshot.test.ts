import type { Template } from 'aws-cdk-lib/assertions';
import { synth } from './support/synth.ts';

/** Assets are named by the hash of their content: every change of a Lambda's code would be a change of the template. */
const assetHash = /[0-9a-f]{64}/g;
const normalised = (template: Template): unknown =>
  JSON.parse(JSON.stringify(template.toJSON()).replace(assetHash, '<asset>'));

const { core, sample } = synth('aws');

// What an account gets, whole: a change that nobody meant shows here. `npm test -- test/lib -u` accepts one.
test.each([
  ['Faultline', core],
  ['FaultlineSampleTarget', sample],
])('the template of %s is as it was', (_stack, template) => {
  expect(normalised(template)).toMatchSnapshot();
});
