import type { Verdict } from '../../runs/run.ts';
import type { MetricRowResult, Observation } from '../report.schema.ts';
import { type Html, html, type Part } from './safe-html.ts';

/** The pieces that the sections are put together from. */

type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** Said by its words; the colour only repeats them. */
export const badge = (tone: Tone, text: string): Html => html`<span class="badge ${tone}">${text}</span>`;

export const verdictTone: Record<Verdict, Tone> = {
  PASS: 'good',
  FAIL: 'bad',
  ABORTED: 'warn',
  INVALID: 'warn',
  ERROR: 'bad',
};

const statusBadges: Record<MetricRowResult['status'], Html> = {
  ok: badge('good', 'OK'),
  degraded: badge('warn', 'degraded'),
  missed: badge('bad', 'missed'),
  'not-measured': badge('calm', 'not measured'),
  'not-run': badge('calm', 'not run'),
};
export const statusBadge = (status: MetricRowResult['status']): Html => statusBadges[status];

const observationBadges: Record<Observation, Html> = {
  yes: badge('good', 'as expected'),
  partly: badge('warn', 'partly as expected'),
  no: badge('bad', 'not as expected'),
  'not-applicable': badge('calm', 'not applicable'),
  unknown: badge('calm', 'not known'),
};
export const observationBadge = (observed: Observation): Html => observationBadges[observed];

export function metBadge(met: boolean | null, otherwise: string): Html {
  if (met === null) return badge('calm', otherwise);
  return met ? badge('good', 'met') : badge('bad', 'missed');
}

/** A table that is moved sideways by itself where the screen is narrow; its first cells head their rows. */
export const table = (caption: string, header: readonly string[], rows: readonly (readonly Part[])[]): Html =>
  html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${header.map((h) => html`<th scope="col">${h}</th>`)}</tr></thead>
<tbody>${rows.map(([head, ...cells]) => html`<tr><th scope="row">${head!}</th>${cells.map((c) => html`<td>${c}</td>`)}</tr>\n`)}</tbody></table></div>
`;

export const list = (items: readonly Part[], kind: 'ul' | 'ol' = 'ul'): Html =>
  kind === 'ul'
    ? html`<ul>${items.map((i) => html`<li>${i}</li>\n`)}</ul>\n`
    : html`<ol>${items.map((i) => html`<li>${i}</li>\n`)}</ol>\n`;

export const pairs = (lines: readonly { label: string; text: Part }[]): Html =>
  html`<dl class="pairs">${lines.map(({ label, text }) => html`<dt>${label}</dt><dd>${text}</dd>\n`)}</dl>\n`;

export const unfolded = (summary: Part, content: Part): Html =>
  html`<details><summary>${summary}</summary>${content}</details>\n`;
