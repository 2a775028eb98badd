import type { CommandDocument, DocumentStep } from './command-document.ts';
import type { ParameterValues } from './parameters.ts';

/** One step with the command's values put in. */
export interface Step {
  name: string;
  script: string;
  environment: Record<string, string>;
  workingDirectory: string;
  timeoutSeconds: number;
  /** Of a failed step: whether it ends the document, and how. Without it the next step runs. */
  onFailure: 'exit' | 'successAndExit' | undefined;
  /** Why the step is not for this host. */
  skipped: string | undefined;
}

const defaultWorkingDirectory = '/';
const [shortestTimeout, longestTimeout, defaultTimeout] = [5, 172_800, 3_600];

/** A document's steps for one command, as the agent makes them from it. */
export function planSteps(document: CommandDocument, values: ParameterValues): Step[] {
  const inText = Object.entries(values).filter(([name]) => !isVariable(document, name));
  const interpolate = (text: string) => replaceParameters(text, Object.fromEntries(inText));
  const environment = Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => isVariable(document, name))
      .map(([name, value]) => [`SSM_${name}`, asText(value)]),
  );
  return document.mainSteps.map(({ name, inputs, precondition }) => ({
    name,
    script: `${[inputs.runCommand].flat().map(interpolate).join('\n')}\n`,
    environment,
    workingDirectory: interpolate(inputs.workingDirectory ?? defaultWorkingDirectory),
    timeoutSeconds: executionTimeout(interpolate(String(inputs.timeoutSeconds ?? ''))),
    onFailure: inputs.onFailure,
    skipped: whySkipped(precondition, name),
  }));
}

function isVariable({ parameters }: CommandDocument, name: string): boolean {
  return parameters[name]?.interpolationType === 'ENV_VAR';
}

/**
 * The text with every `{{ Name }}` replaced by the value itself, unquoted: it is the document that has to quote. What
 * comes from a value is not looked at again, and `$$` in a value is `$`, as in the agent.
 */
export function replaceParameters(text: string, values: ParameterValues): string {
  return text.replace(/\{\{\s*([A-Za-z0-9]+)\s*\}\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? asText(values[name]!).replaceAll('$$', () => '$') : placeholder,
  );
}

function asText(value: string | string[]): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is no number of seconds in the agent's bounds is its default of an hour. */
function executionTimeout(text: string): number {
  const seconds = text.trim() === '' ? Number.NaN : Math.trunc(Number(text));
  return seconds >= shortestTimeout && seconds <= longestTimeout ? seconds : defaultTimeout;
}

function whySkipped(precondition: DocumentStep['precondition'], name: string): string | undefined {
  const [left, right] = precondition?.StringEquals.map((one) => (one === 'platformType' ? 'Linux' : one)) ?? [];
  if (left === right) return undefined;
  const unsatisfied = `"StringEquals": [${precondition?.StringEquals.join(', ')}]`;
  return `Step execution skipped due to unsatisfied preconditions: '${unsatisfied}'. Step name: ${name}`;
}
