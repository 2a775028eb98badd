import { writeFileSync } from 'node:fs';
import { configJsonSchema } from './faultline-config.ts';

/** `node lib/config/export-schema.ts docs/faultline.schema.json` */
const [, , path] = process.argv;
if (!path) {
  console.error('usage: export-schema.ts <file>');
  process.exit(2);
}
writeFileSync(path, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
