import { type Definition, type Located, passTo, rewrite, statesOf } from './definition.ts';
import { type FailureKind, failing, failureKinds, type StandIns } from './failing.ts';
import { inSeconds } from './in-seconds.ts';
import { unobserved } from './unobserved.ts';
import { type Start, type Way, wayTo } from './way.ts';

/** One state of a machine that fails in one way, in a run that takes seconds. */
export interface Case {
  /** Unique in its machine: `Experiment[0]/Guard[0]/Watch fault: time-out`. */
  id: string;
  path: string;
  kind: FailureKind;
  /** The state only waits, for longer than anybody does: the execution has to be ended from outside. */
  needsAbort: boolean;
  start: Start;
  /** Paths of the states that fail before, by an error, so that this one is entered. */
  before: readonly string[];
  mutated(standIns: StandIns): Definition;
}

/** Every state of the machine, those of machines inside it too, with every kind of failure. @throws NoWay */
export function cases(definition: Definition): Case[] {
  return statesOf(definition).flatMap((located) => {
    const way = wayTo(definition, located);
    return failureKinds.map((kind) => oneCase(definition, located, kind, way));
  });
}

function oneCase(definition: Definition, { path, name, state }: Located, kind: FailureKind, way: Way): Case {
  return {
    id: `${path}: ${kind}`,
    path,
    kind,
    needsAbort: kind === 'time-out' && state.Type !== 'Task',
    start: way.start,
    before: way.fail,
    mutated(standIns) {
      const turned = way.turn.reduce((d, { path: choice, to }) => alwaysTo(d, choice, to), definition);
      const led = way.fail.reduce((d, before) => failing(d, before, 'error', standIns), turned);
      const failed = failing(led, path, kind, standIns);
      const concerned = [...way.fail, path];
      return inSeconds(name === 'Guard' ? unobserved(failed) : failed, concerned);
    },
  };
}

/** A Choice passes its input on, and so does a Pass. */
const alwaysTo = (definition: Definition, choice: string, to: string): Definition =>
  rewrite(definition, (path, state) => (path === choice ? passTo(to, state) : state));
