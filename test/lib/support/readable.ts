import { stringify } from 'yaml';

type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** Assets are named by the hash of their content: every change of a Lambda's code would be a change of the template. */
const assetHash = /[0-9a-f]{64}/g;

/**
 * A template as YAML for people who compare two of them: what is joined is one text with `${names}` in it, a text that
 * holds JSON (a state machine, a dashboard) is laid open, and assets have no hashes.
 */
export const readable = (template: object): string =>
  stringify(laidOpen(template as Value), { lineWidth: 0, aliasDuplicateObjects: false }).replace(assetHash, '<asset>');

function laidOpen(value: Value): Value {
  if (typeof value === 'string') return opened(value);
  if (Array.isArray(value)) return value.map(laidOpen);
  if (typeof value !== 'object' || value === null) return value;
  const text = joined(value);
  if (text !== null) return opened(text);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, laidOpen(each)]));
}

/** A `Fn::Join` without a separator as one text, or null when it is none. */
function joined(value: { [key: string]: Value }): string | null {
  const [separator, parts] = (value['Fn::Join'] as [string, Value] | undefined) ?? [];
  if (separator !== '' || !Array.isArray(parts)) return null;
  return parts.map((part) => (typeof part === 'string' ? part : `\${${nameOf(part)}}`)).join('');
}

/** What a reference names: a logical id, an attribute of one, or what another stack exports. */
export function nameOf(reference: unknown): string {
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::ImportValue': imported } = (reference ?? {}) as Record<string, Value>;
  if (typeof Ref === 'string') return Ref;
  if (Array.isArray(attribute)) return attribute.join('.');
  if (typeof imported === 'string') return imported;
  return JSON.stringify(reference).replaceAll('"', "'");
}

function opened(text: string): Value {
  if (!text.startsWith('{')) return text;
  try {
    return laidOpen(JSON.parse(text) as Value);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
