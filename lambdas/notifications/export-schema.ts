import { writeFileSync } from 'node:fs';
import { eventsJsonSchema } from './events.ts';

/** `node lambdas/notifications/export-schema.ts docs/events.schema.json` */
const [, , path] = process.argv;
if (!path) {
  console.error('usage: export-schema.ts <file>');
  process.exit(2);
}
writeFileSync(path, `${JSON.stringify(eventsJsonSchema(), null, 2)}\n`);
