import type { SinceEarlier } from '../../report.schema.ts';
import { sinceEarlierTexts } from '../../since-earlier.ts';
import { list, table } from '../elements.ts';
import { type Html, html } from '../safe-html.ts';

/** Nothing where there is no earlier game-day. */
export function sinceEarlier(since: SinceEarlier | null): Html | null {
  if (since === null) return null;
  const { header, rows, changes, sum } = sinceEarlierTexts(since);
  return html`<h3>Since earlier game-days</h3>
${rows.length > 0 ? table('Scores of earlier game-days', header, rows) : null}<p>${sum}</p>
${changes.length > 0 ? list(changes) : null}`;
}
