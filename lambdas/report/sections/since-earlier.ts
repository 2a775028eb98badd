import { blocks, bullets, plain, table } from '../markdown.ts';
import type { SinceEarlier } from '../report.schema.ts';
import { sinceEarlierTexts } from '../since-earlier.ts';

/** Nothing where there is no earlier game-day. */
export function sinceEarlierSection(since: SinceEarlier | null): string | null {
  if (since === null) return null;
  const { header, rows, changes, sum } = sinceEarlierTexts(since);
  return blocks(
    '### Since Earlier Game-Days',
    rows.length > 0 ? table(header, rows) : null,
    plain(sum),
    changes.length > 0 ? bullets(changes.map(plain)) : null,
  );
}
