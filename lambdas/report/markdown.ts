/** Text as it reads, whatever is in it: one line, and nothing in it becomes mark-up. */
export const plain = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*|]/g, '\\$&')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replaceAll('](', ']\\(');

/** A table; its cells are escaped here and nowhere else. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const bullets = (lines: readonly string[]): string => lines.map((l) => `- ${l}`).join('\n');

export const numbered = (lines: readonly string[]): string => lines.map((l, i) => `${i + 1}. ${l}`).join('\n');

/** A code block that nothing in it can close. */
export function codeBlock(lines: readonly string[], language = 'bash'): string {
  const longest = Math.max(2, ...lines.flatMap((l) => (l.match(/`+/g) ?? []).map((ticks) => ticks.length)));
  const fence = '`'.repeat(longest + 1);
  return [fence + language, ...lines, fence].join('\n');
}

/** Parts with one empty line between them; parts that are null are left out. */
export const blocks = (...parts: readonly (string | null)[]): string => parts.filter((p) => p !== null).join('\n\n');

export const bold = (text: string): string => `**${plain(text)}**`;
