const longest = 1000;

/** Whatever somebody put into a name or a reason, a terminal or a log shows it as text in one line. */
export function inOneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
