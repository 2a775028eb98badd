import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaVersion } from '../../../lambdas/report/report.schema.ts';

test('the docs have a row for each version of report.json, up to the one that is written', () => {
  const docs = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'report.md'), 'utf8');
  const versions = [...docs.matchAll(/^\| (\d+\.\d+\.\d+) \| (.+) \|$/gm)].map((match) => match[1]!);
  expect(versions[0]).toBe('1.0.0');
  expect(versions.at(-1)).toBe(schemaVersion);
  expect([...versions].sort()).toEqual(versions);
});
