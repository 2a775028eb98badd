import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Keeps what the application prints in a file, and passes each line on. */
export function keepOutput(output: Readable, file: string, onLine: (line: string) => void): void {
  // A broken line is a guest that has ended.
  output.on('error', () => {});
  output.pipe(createWriteStream(file, { flags: 'a' }));
  createInterface({ input: output }).on('line', onLine);
}
