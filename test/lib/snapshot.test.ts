import { readable } from './support/readable.ts';
import { synth } from './support/synth.ts';

const { core, load, dashboards, documents, sample } = synth('aws');

// What an account gets, whole: a change that nobody meant shows here. `npm test -- test/lib -u` accepts one.
test.each([
  ['Faultline', core],
  ['FaultlineLoad', load],
  ['FaultlineDashboards', dashboards],
  ['FaultlineDocuments', documents!],
  ['FaultlineSampleTarget', sample],
])('the template of %s is as it was', (_stack, template) => {
  expect(readable(template.toJSON())).toMatchSnapshot();
});
