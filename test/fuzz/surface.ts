import type fc from 'fast-check';

/** One way into Faultline, with inputs that it has to refuse. */
export interface Surface<Input> {
  name: string;
  /** Each is bad by construction. */
  inputs: fc.Arbitrary<Input>;
  /**
   * Sends one in. Returns what is wrong with how it was refused, or null.
   * @param touched to be called when the input gets as far as changing something
   */
  send(input: Input, touched: () => void): Promise<string | null>;
}

/** Why a text is not what a person should be told, or null. */
export function notALine(text: string): string | null {
  if (text === '') return 'it says nothing';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return 'it is more than one line, or holds control characters';
  if (text.length > 1100) return `it has ${text.length} characters`;
  if (/\bat \S+ \(.*:\d+:\d+\)|node_modules|file:\/\/\//.test(text)) return 'it holds a stack trace';
  return null;
}
