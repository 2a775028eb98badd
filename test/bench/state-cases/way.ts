import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { reachable } from '../../lib/support/machine.ts';
import { type Definition, type Located, type State, stateNamed } from './definition.ts';

/** What an execution that comes to a state is started with, where that is not what any run is started with. */
export interface Start {
  /** The input has `dryRun: true`. */
  dryRun?: true;
  /** The run that the input names has ended in good order. */
  endedRun?: true;
  /** The game-day has a run of this scenario. */
  scenario?: ScenarioId;
}

/** How a state comes to be entered that a run in good order does not go through. */
export interface Way {
  start: Start;
  /** Paths of states that fail before, in their order. */
  fail: readonly string[];
  /** Choices that go to one state only. */
  turn: readonly { path: string; to: string }[];
}

export class NoWay extends Error {
  constructor(name: string) {
    super(`no run in good order and no failure of one state leads to '${name}'; say in way.ts what does`);
    this.name = 'NoWay';
  }
}

/** States behind a choice that a run in good order does not make. */
const chosen: Readonly<Record<string, { start?: Start; turn?: string }>> = {
  'Touched nothing': { start: { dryRun: true } },
  'Nothing left': { start: { endedRun: true } },
  'Run not started': { turn: 'Stopped?' },
  'Let its runs end': { turn: 'Over?' },
  'Nothing to close': { turn: 'Over?' },
  'Cool down': { turn: 'Stopped?' },
  'Wait for its turn': { turn: 'Taken?' },
  ...Object.fromEntries(availableScenarios.map(({ id }) => [`Run ${id}`, { start: { scenario: id } }])),
};

/** A Parallel fails by failures inside it, all of them; the ones here come while the fault is in place. */
const failuresInside: Readonly<Record<string, readonly string[]>> = {
  Guard: ['Watch fault'],
  // Whatever the experiment throws, the guard keeps; only what comes after the guard gets out.
  Experiment: ['Watch fault', 'Experiment failed'],
};

const straight: Way = { start: {}, fail: [], turn: [] };

/**
 * The way to a state within the machine that it is a state of; the states around that machine are all on the way of a
 * run in good order.
 * @throws NoWay
 */
export function wayTo(definition: Definition, { name, machine }: Located): Way {
  const special = chosen[name];
  if (special) {
    const turn = special.turn ? [{ path: stateNamed(definition, special.turn).path, to: name }] : [];
    return { ...straight, start: special.start ?? {}, turn };
  }
  if (inGoodOrder(machine, machine.StartAt).has(name)) return straight;
  const [shortest] = Object.entries(machine.States)
    .filter(([, { Catch = [] }]) => Catch.some(({ Next }) => inGoodOrder(machine, Next).has(name)))
    .map(([failed]) => stateNamed(definition, failed))
    .map((failed) => ({ before: wayTo(definition, failed), failures: failuresOf(definition, failed) }))
    .map(({ before, failures }) => ({ ...before, fail: [...before.fail, ...failures] }))
    .sort((a, b) => a.fail.length - b.fail.length);
  if (!shortest) throw new NoWay(name);
  return shortest;
}

/** What has to fail so that a state does. */
function failuresOf(definition: Definition, { name, path, state }: Located): string[] {
  if (state.Type === 'Task') return [path];
  const inside = failuresInside[name];
  if (!inside) throw new NoWay(name);
  return inside.map((inner) => stateNamed(definition, inner).path);
}

/** What is entered from here on when nothing fails, nobody stops the run and no special choice is made. */
function inGoodOrder(machine: Definition, from: string): Set<string> {
  const usual = ({ Choices = [], ...state }: State): State => ({
    ...state,
    Catch: [],
    Choices: Choices.filter(({ Condition }) => !Condition?.includes("'stop'")),
  });
  const States = Object.fromEntries(Object.entries(machine.States).map(([name, state]) => [name, usual(state)]));
  return reachable({ StartAt: from, States }, from, Object.keys(chosen));
}
