import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from './report.schema.ts';

/** `node lambdas/report/export-schema.ts docs/report.schema.json` */
const [, , path] = process.argv;
if (!path) {
  console.error('usage: export-schema.ts <file>');
  process.exit(2);
}
writeFileSync(path, `${JSON.stringify(reportJsonSchema(), null, 2)}\n`);
