import type { z } from 'zod';

/** One mistake in a configuration: where it is, and what is allowed there. */
export interface Mistake {
  path: (string | number)[];
  text: string;
}

/** As much of JSON Schema as zod writes. */
interface Node {
  type?: string;
  description?: string;
  properties?: Record<string, Node>;
  propertyNames?: Node;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
}

type Issue = z.core.$ZodIssue;

/**
 * What zod found, in words that say what is allowed instead of what a validator expected.
 * @param schema the JSON Schema of what was parsed: it has the descriptions
 * @param value what was parsed
 */
export const mistakesIn = (issues: readonly Issue[], schema: object, value: unknown): Mistake[] =>
  onePerPlace(issues.flatMap((issue) => mistakesOf(issue, schema as Node, value)));

const onePerPlace = (mistakes: Mistake[]): Mistake[] => [
  ...new Map(mistakes.map((mistake) => [mistake.path.join('.'), mistake])).values(),
];

function mistakesOf(issue: Issue, schema: Node, value: unknown): Mistake[] {
  const path = issue.path as Mistake['path'];
  const node = at(schema, path);
  if (issue.code === 'unrecognized_keys') {
    const text = `there is no such key; allowed are ${keysOf(node).join(', ')}`;
    return issue.keys.map((key) => ({ path: [...path, key], text }));
  }
  const given = valueAt(value, path);
  if (issue.code === 'invalid_key') {
    return [{ path, text: `there is no such key; allowed are ${keysOf(at(schema, path.slice(0, -1))).join(', ')}` }];
  }
  if (issue.code === 'custom' && issue.message.startsWith('is ')) return [{ path, text: issue.message }];
  if (given === undefined) return [{ path, text: `is missing; it is ${allowed(schema, path)}` }];
  const reason = issue.code === 'custom' ? ` (${issue.message})` : '';
  return [{ path, text: `${shown(given, path)} is not allowed${reason}; allowed is ${allowed(schema, path)}` }];
}

/** The schema at a path; of several that may be there, the one that has it. */
function at(schema: Node, path: Mistake['path']): Node {
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const below = childrenOf(schema, key)[0];
  return below ? at(below, rest) : {};
}

function childrenOf({ properties, additionalProperties, items, anyOf }: Node, key: string | number): Node[] {
  const own = typeof key === 'number' ? items : properties?.[key];
  const other = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const found = own ?? other;
  return [...(found ? [found] : []), ...(anyOf ?? []).flatMap((one) => childrenOf(one, key))];
}

function keysOf({ properties, propertyNames, anyOf }: Node): string[] {
  const named = (propertyNames?.enum ?? []).map(String);
  return [...Object.keys(properties ?? {}), ...named, ...(anyOf ?? []).flatMap(keysOf)];
}

/** A noun phrase. What says nothing of itself is told by what it is a part of. */
function allowed(schema: Node, path: Mistake['path']): string {
  const node = at(schema, path);
  const choices = choicesOf(node);
  const oneOf = choices.length > 0 ? `one of ${choices.join(', ')}` : null;
  if (node.description) return oneOf ? `${node.description} (${oneOf})` : node.description;
  const plain = (node.anyOf ?? []).find(({ type }) => type !== 'null') ?? node;
  return oneOf ?? rangeOf(plain) ?? allowed(schema, path.slice(0, -1));
}

const choicesOf = ({ enum: own, anyOf }: Node): string[] =>
  own ? own.map(String) : (anyOf ?? []).flatMap((one) => choicesOf(one));

function rangeOf({ type, minimum, maximum }: Node): string | null {
  if (minimum === undefined || maximum === undefined) return null;
  return `${type === 'integer' ? 'a whole number' : 'a number'} from ${minimum} to ${maximum}`;
}

function valueAt(value: unknown, path: Mistake['path']): unknown {
  return path.reduce<unknown>((of, key) => (of as Record<string, unknown> | undefined)?.[key], value);
}

const longest = 40;

/** What was given, in short; what may be a secret is not repeated. */
function shown(value: unknown, path: Mistake['path']): string {
  if (path.includes('environment')) return 'this';
  if (value !== null && typeof value === 'object') return Array.isArray(value) ? 'this list' : 'this mapping';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
