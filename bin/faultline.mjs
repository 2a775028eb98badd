#!/usr/bin/env node
// `npx faultline`. In the repository the command line is TypeScript, which the pinned Node runs; an installed package
// has it as one built file. Plain JavaScript, for whatever Node there is.
import { existsSync } from 'node:fs';

if (existsSync(new URL('./faultline.ts', import.meta.url))) {
  process.argv.splice(2, 0, 'bin/faultline.ts');
  await import('./bootstrap.mjs');
} else {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12)) await import('../dist/faultline.mjs');
  else {
    process.stderr.write(`error: Node ${process.versions.node} is too old; Node 22.12 or later is needed\n`);
    process.exitCode = 3;
  }
}
