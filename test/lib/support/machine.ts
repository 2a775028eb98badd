import type { Template } from 'aws-cdk-lib/assertions';

/** What the tests look at of a state in the Amazon States Language. */
export interface State {
  Type: 'Task' | 'Choice' | 'Pass' | 'Parallel' | 'Succeed' | 'Fail' | 'Map' | 'Wait';
  Next?: string;
  End?: boolean;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { ErrorEquals: string[]; Next: string; Output?: Record<string, string> }[];
  Retry?: { ErrorEquals: string[] }[];
  Branches?: Machine[];
  TimeoutSeconds?: number;
  Arguments?: { FunctionName: string; Payload: unknown };
  Output?: unknown;
}

export interface Machine {
  StartAt: string;
  States: Record<string, State>;
  TimeoutSeconds?: number;
}

/** A state machine's definition, each reference in it by its logical id. */
export function machineNamed(template: Template, name: string): Machine {
  const machines = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const found = machines.find((m) => m.Properties.StateMachineName === name);
  if (!found) throw new Error(`no state machine ${name}`);
  const parts = found.Properties.DefinitionString['Fn::Join'][1] as (string | Reference)[];
  return JSON.parse(parts.map((p) => (typeof p === 'string' ? p : logicalId(p))).join(''));
}

type Reference = { Ref?: string; 'Fn::GetAtt'?: [string, string] };
const logicalId = (reference: Reference) => reference['Fn::GetAtt']?.[0] ?? reference.Ref ?? '';

export const stateOf = (machine: Machine, name: string): State => {
  const found = machine.States[name];
  if (!found) throw new Error(`no state '${name}'; there are: ${Object.keys(machine.States).join(', ')}`);
  return found;
};

/** Where a state may go next: in good order, or by a Catch. */
export function successors({ Next, Default, Choices = [], Catch = [] }: State): string[] {
  const all = [Next, Default, ...Choices.map((c) => c.Next), ...Catch.map((c) => c.Next)];
  return all.filter((name) => name !== undefined);
}

export const isEnd = (state: State) => successors(state).length === 0;

/** Every state that a path from `from` may come through, `from` itself included; no path goes through `without`. */
export function reachable(machine: Machine, from: string, without: readonly string[] = []): Set<string> {
  const seen = new Set<string>();
  const next = [from];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (seen.has(name) || without.includes(name)) continue;
    seen.add(name);
    next.push(...successors(stateOf(machine, name)));
  }
  return seen;
}

/** The ends that a path from `from` may come to. */
export const endsFrom = (machine: Machine, from: string, without: readonly string[] = []): string[] =>
  [...reachable(machine, from, without)].filter((name) => isEnd(stateOf(machine, name))).sort();

/** The machine itself and every machine inside its states. */
export function nested(machine: Machine): Machine[] {
  const inside = Object.values(machine.States).flatMap((state) => (state.Branches ?? []).flatMap(nested));
  return [machine, ...inside];
}
