import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * The absolute path of a folder that is there, or can be made where it will be needed: minutes later.
 * @throws RangeError that says what is in the way
 */
export function outputFolder(text: string): string {
  const folder = resolve(text);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  if (!statSync(there).isDirectory()) throw new RangeError(`${there} is a file, and a folder is needed.`);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    throw new RangeError(`${there} may not be written to.`);
  }
  return folder;
}
