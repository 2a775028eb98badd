/** What `${…}` in the application's local environment may name. */
const names = [
  'endpoint',
  'port',
  'database.host',
  'database.port',
  'database.name',
  'database.user',
  'database.password',
  'cache.host',
  'cache.port',
] as const;
export type Placeholder = (typeof names)[number];

/** As it is written in a text. */
export const written = (name: string) => `\${${name}}`;
export const placeholderNames: readonly string[] = names.map(written);

const pattern = /\$\{([^}]*)\}/g;

/** The names in a text, whether there are such or not. */
export const placeholdersIn = (text: string): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);

/** Those in a text that name nothing. */
export const unknownPlaceholders = (text: string): string[] =>
  placeholdersIn(text)
    .map(written)
    .filter((whole) => !placeholderNames.includes(whole));

/** @param values what each stands for; a part that the target has not is left out @throws Error for one that has no value */
export function fillIn(text: string, values: Partial<Record<Placeholder, string>>): string {
  return text.replace(pattern, (whole, name: Placeholder) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${whole} has no value: the target has no such part`);
    return value;
  });
}
