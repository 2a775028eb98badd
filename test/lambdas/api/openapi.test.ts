import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openApiDocument } from '../../../lambdas/api/openapi.ts';
import { routes } from '../../../lambdas/api/routes.ts';

const file = resolve(__dirname, '../../../docs/openapi.json');

test('docs/openapi.json is what the schemas say; mend it with node lambdas/api/export-openapi.ts docs/openapi.json', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
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
