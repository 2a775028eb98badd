import { type State as AnyState, reachable } from '../../lib/support/machine.ts';

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
}

/** A state in the Amazon States Language with JSONata, as far as the cases look at it or make one. */
export interface State extends AnyState {
  QueryLanguage?: string;
  Resource?: string;
  Choices?: { Condition?: string; Next: string }[];
  Retry?: Retrier[];
  Branches?: Definition[];
  ItemProcessor?: Definition;
  Seconds?: number;
  Error?: string;
  Cause?: string;
}

/** A state machine, or one inside a state of another. */
export interface Definition {
  StartAt: string;
  States: Record<string, State>;
}

/** A state and where it is: `Experiment[0]/Guard[0]/Watch fault`, `Runs[]/Next run`. Names are unique in a machine. */
export interface Located {
  path: string;
  name: string;
  state: State;
  /** The machine that it is a state of: the definition itself, a branch or an item processor. */
  machine: Definition;
}

export class NoSuchState extends Error {
  constructor(what: string, definition: Definition) {
    const there = statesOf(definition).map(({ path }) => path);
    super(`no state '${what}'; there are: ${there.join(', ')}`);
    this.name = 'NoSuchState';
  }
}

/** Every state, also of machines inside states, in the order of the definition. */
export function statesOf(definition: Definition, prefix = ''): Located[] {
  return Object.entries(definition.States).flatMap(([name, state]) => {
    const path = `${prefix}${name}`;
    const inside = insideOf(state).flatMap(([where, machine]) => statesOf(machine, `${path}${where}/`));
    return [{ path, name, state, machine: definition }, ...inside];
  });
}

/** @throws NoSuchState */
export function stateNamed(definition: Definition, name: string): Located {
  const found = statesOf(definition).find((located) => located.name === name);
  if (!found) throw new NoSuchState(name, definition);
  return found;
}

/** @throws NoSuchState */
export function stateAt(definition: Definition, path: string): Located {
  const found = statesOf(definition).find((located) => located.path === path);
  if (!found) throw new NoSuchState(path, definition);
  return found;
}

/** A state in the place of another one that does nothing and goes on there. */
export const passTo = (Next: string | undefined, { QueryLanguage }: State): State => ({
  Type: 'Pass',
  ...(QueryLanguage && { QueryLanguage }),
  Next,
});

/**
 * The definition with other states in the place of some. What nothing leads to any more is left out: Step Functions
 * refuses a definition with unreachable states.
 */
export function rewrite(
  definition: Definition,
  change: (path: string, state: State) => State,
  prefix = '',
): Definition {
  const States: Record<string, State> = {};
  for (const [name, state] of Object.entries(definition.States)) {
    const path = `${prefix}${name}`;
    const changed = change(path, state);
    const inner = (where: string, machine: Definition) => rewrite(machine, change, `${path}${where}/`);
    States[name] = {
      ...changed,
      ...(changed.Branches && { Branches: changed.Branches.map((branch, i) => inner(`[${i}]`, branch)) }),
      ...(changed.ItemProcessor && { ItemProcessor: inner('[]', changed.ItemProcessor) }),
    };
  }
  const left = reachable({ StartAt: definition.StartAt, States }, definition.StartAt);
  return { ...definition, States: Object.fromEntries(Object.entries(States).filter(([name]) => left.has(name))) };
}

function insideOf({ Branches = [], ItemProcessor }: State): [where: string, machine: Definition][] {
  const branches = Branches.map((branch, i): [string, Definition] => [`[${i}]`, branch]);
  return ItemProcessor ? [...branches, ['[]', ItemProcessor]] : branches;
}
