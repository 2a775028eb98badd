import { readFileSync } from 'node:fs';

/** A table of a Markdown text: the words of its heading row and of the first cell of each row. */
export interface Table {
  header: string[];
  rows: string[];
}

/** What a Markdown text is made of, in its order; code is no part of it. */
export interface Skeleton {
  headings: string[];
  /** By the heading under which they stand. */
  tables: Map<string, Table[]>;
  /** Lines of a list that begin with a name in bold, or that are a checklist's, by heading. */
  lines: Map<string, string[]>;
}

/** The blank document that the report fills, as it was given. */
export const blankDocument = () => readFileSync(`${import.meta.dirname}/failure-scenarios.md`, 'utf8');

const cellsOf = (line: string) =>
  line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.replaceAll('*', '').trim());

/** Headings are told apart by the section they stand in: 'Results' is in each. */
export function skeletonOf(markdown: string): Skeleton {
  const skeleton: Skeleton = { headings: [], tables: new Map(), lines: new Map() };
  let [section, heading, table] = ['', '', null as Table | null];
  for (const line of markdown.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').split('\n')) {
    if (!line.startsWith('|')) table = null;
    if (/^#{1,4} /.test(line)) {
      if (/^##? /.test(line)) section = line;
      heading = /^##? /.test(line) ? line : `${section} > ${line}`;
      skeleton.headings.push(heading);
    } else if (line.startsWith('|')) {
      if (table) table.rows.push(...(/^\|[-|: ]+$/.test(line) ? [] : [cellsOf(line)[0]!]));
      else {
        table = { header: cellsOf(line), rows: [] };
        skeleton.tables.set(heading, [...(skeleton.tables.get(heading) ?? []), table]);
      }
    } else {
      const name = /^- \*\*(.+?)\*\*:/.exec(line)?.[1] ?? /^(?:-|\d+\.) \[.\] ([^(]+)/.exec(line)?.[1];
      if (name) skeleton.lines.set(heading, [...(skeleton.lines.get(heading) ?? []), name.trim()]);
    }
  }
  return skeleton;
}

/** Whether all of `wanted` is in `seen` in the same order, whatever is between. Returns what is missing. */
export function missingInOrder(wanted: readonly string[], seen: readonly string[]): string[] {
  let from = 0;
  return wanted.filter((w) => {
    const at = seen.indexOf(w, from);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}
