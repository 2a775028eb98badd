import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi.ts';

/** `node lambdas/api/export-openapi.ts docs/openapi.json` */
const [, , path] = process.argv;
if (!path) {
  console.error('usage: export-openapi.ts <file>');
  process.exit(2);
}
writeFileSync(path, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
