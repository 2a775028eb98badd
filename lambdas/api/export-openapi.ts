import { writeFileSync } from 'node:fs';
import { openApiDocument } from './openapi.ts';
import { type Document, renderReference } from './reference.ts';

/** `node lambdas/api/export-openapi.ts docs/openapi.json docs/api-reference.md` */
const [, , document, reference] = process.argv;
if (!document || !reference) {
  console.error('usage: export-openapi.ts <openapi.json> <reference.md>');
  process.exit(2);
}
const openApi = JSON.stringify(openApiDocument(), null, 2);
writeFileSync(document, `${openApi}\n`);
writeFileSync(reference, renderReference(JSON.parse(openApi) as Document));
