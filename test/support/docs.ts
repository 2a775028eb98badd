import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(__dirname, '..', '..', 'docs');

/**
 * Expects the part of a page between `<!-- begin: part -->` and `<!-- end: part -->` to be `text`. With UPDATE_DOCS=1 it
 * is written instead.
 */
export function expectInDocs(page: string, part: string, text: string): void {
  const path = join(docs, page);
  const whole = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- begin: ${part} -->\n`, `<!-- end: ${part} -->`];
  const [from, to] = [whole.indexOf(begin) + begin.length, whole.indexOf(end)];
  if (!whole.includes(begin) || to < from) throw new Error(`docs/${page} has no part '${part}'`);
  const wanted = `${text.trimEnd()}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(path, whole.slice(0, from) + wanted + whole.slice(to));
  else expect(whole.slice(from, to)).toBe(wanted);
}

/** A Markdown table. */
export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
