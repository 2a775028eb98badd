import type { CommandDocument, DocumentParameter } from './command-document.ts';
import { SsmError } from './ssm-error.ts';

export type ParameterValues = Record<string, string | string[]>;

/**
 * Every parameter's value for one command, defaults included, checked as Systems Manager and its agent check it.
 * @param given as SendCommand carries them: lists, of one text for a String
 * @throws SsmError InvalidParameters
 */
export function effectiveParameters(
  { parameters }: CommandDocument,
  given: Record<string, readonly string[]>,
): ParameterValues {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(parameters, name));
  if (unknown !== undefined) throw invalid(unknown, 'the document has no such parameter');
  return Object.fromEntries(
    Object.entries(parameters).map(([name, definition]) => [name, checkedValue(name, definition, given[name])]),
  );
}

function checkedValue(
  name: string,
  definition: DocumentParameter,
  given: readonly string[] | undefined,
): string | string[] {
  const values = given ?? [definition.default ?? []].flat();
  if (given === undefined && definition.default === undefined) throw invalid(name, 'a value is required');
  if (definition.type === 'String' && values.length !== 1) {
    throw invalid(name, `it takes one value, not ${values.length}`);
  }
  const reason = itemsRefusal(definition, values.length) ?? values.map((one) => refusal(definition, one)).find(Boolean);
  if (reason) throw invalid(name, reason);
  return definition.type === 'String' ? values[0]! : [...values];
}

function itemsRefusal({ type, minItems = 0, maxItems = Infinity }: DocumentParameter, items: number) {
  if (type !== 'StringList' || (items >= minItems && items <= maxItems)) return undefined;
  return `${items} values are not from ${minItems} to ${maxItems}`;
}

/** Why a value is not allowed. A pattern need not match from beginning to end unless it says so, as in the agent. */
function refusal(definition: DocumentParameter, value: string): string | undefined {
  const { allowedPattern, allowedValues, minChars = 0, maxChars = Infinity } = definition;
  if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) {
    return `the value does not match the allowed pattern ${allowedPattern}`;
  }
  if (allowedValues !== undefined && !allowedValues.includes(value)) {
    return `the value is none of ${allowedValues.join(', ')}`;
  }
  if (value.length < minChars || value.length > maxChars) {
    return `${value.length} characters are not from ${minChars} to ${maxChars}`;
  }
  return undefined;
}

function invalid(name: string, reason: string): SsmError {
  return new SsmError('InvalidParameters', `Parameter ${name}: ${reason}.`);
}
