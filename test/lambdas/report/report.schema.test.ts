import { readFileSync } from 'node:fs';
import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { reportJsonSchema, scenarioResultSchema } from '../../../lambdas/report/report.schema.ts';
import { fragileDatabase, resilientCache } from '../analysis/support/stories.ts';
import { tell } from '../analysis/support/story.ts';

test('docs/report.schema.json is the schema of the code', () => {
  const written = JSON.parse(readFileSync('docs/report.schema.json', 'utf8'));
  // If this fails: node lambdas/report/export-schema.ts docs/report.schema.json
  expect(written).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
});

test.each([fragileDatabase, resilientCache])('a result survives its way through JSON (run %#)', (story) => {
  const result = analyse(tell(story).evidence);
  expect(scenarioResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
});

test.each([
  ['an unknown field', { surprise: 1 }],
  ['an unknown verdict', { verdict: 'MAYBE' }],
  ['a figure that is none', { generator: { healthy: true, requests: Number.NaN } }],
])('the contract refuses %s', (_what, change) => {
  const result = analyse(tell(resilientCache).evidence);
  expect(scenarioResultSchema.safeParse({ ...result, ...change }).success).toBe(false);
});
