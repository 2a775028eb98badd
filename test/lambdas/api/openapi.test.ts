import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from '../../../lambdas/api/openapi.ts';
import { renderReference } from '../../../lambdas/api/reference.ts';
import { routes } from '../../../lambdas/api/routes.ts';

const written = (name: string) => readFileSync(resolve(__dirname, '../../../docs', name), 'utf8');
const openApi = JSON.parse(JSON.stringify(openApiDocument()));
const mend = 'node lambdas/api/export-openapi.ts docs/openapi.json docs/api-reference.md';

test(`docs/openapi.json is what the schemas say; mend it with ${mend}`, () => {
  expect(JSON.parse(written('openapi.json'))).toEqual(openApi);
});

test(`docs/api-reference.md is what the document says; mend it with ${mend}`, () => {
  expect(written('api-reference.md')).toBe(renderReference(openApi));
});

test('the reference has each operation with its fields, bounds, defaults, answers and refusals', () => {
  const [, schedules] = /## POST \/schedules\n([\s\S]*?)\n## /.exec(renderReference(openApi))!;
  expect(schedules).toContain(
    "| coolDownSeconds | integer | From one run's end to the next start; optional; at least 0; at most 3600 |",
  );
  expect(schedules).toContain('| timeZone | string | An IANA time zone; default "UTC" |');
  expect(schedules).toContain('| 201 | [Schedule](#schedule) | It was made |');
  expect(schedules).toMatch(/Refused with .*409 schedule-exists/);
  expect(schedules).not.toContain('504');
});

test('every route has its operation, and an operation id of its own', () => {
  const { paths = {} } = openApiDocument();
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation.operationId]),
  );
  expect(operations.map(([route]) => route).sort()).toEqual(
    routes.map(({ method, path }) => `${method} ${path}`).sort(),
  );
  expect(new Set(operations.map(([, id]) => id)).size).toBe(routes.length);
});
