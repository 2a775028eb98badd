/** Mark-up that is safe to be shown: made by `html` alone, which escapes whatever is put into it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | null | readonly Part[];

/**
 * A template of mark-up. Texts that are put into it stay texts, whatever is in them; it is for elements' contents and
 * quoted attributes, never for a script, a style or an address.
 *
 * @example html`<p title="${name}">${lines.map((l) => html`<b>${l}</b>`)}</p>`
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.map((literal, i) => literal + (i < parts.length ? markup(parts[i]!) : '')).join(''));

function markup(part: Part | null): string {
  if (part === null) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(markup).join('');
  return escaped(String(part));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Characters that cannot be seen, or that turn the text after them around, would make a text look like another one. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[&<>"']/g, (c) => entities[c]!)
    .replace(/\p{Bidi_Control}|(?![\t\n\r])\p{Cc}/gu, '\uFFFD');
