import type { Definition, State } from './definition.ts';
import { injectedError, type StandIns, taskTimeoutSeconds } from './failing.ts';
import type { Start } from './way.ts';

/** Where an execution comes through, and how it ends: `waiting` when it has to be ended from outside. */
export interface Walk {
  entered: string[];
  end: 'succeeded' | 'failed' | 'waiting';
}

class Failed extends Error {}
class Waiting extends Error {}

/**
 * The path through a definition when every Lambda answers as in a run in good order, but for the stand-ins. Branches
 * are walked one after the other: an error in one is an error of the state when all of them have been walked.
 */
export function walk(definition: Definition, start: Start, standIns: StandIns): Walk {
  const entered: string[] = [];

  function machine({ StartAt, States }: Definition, prefix: string): void {
    for (let name: string | undefined = StartAt; name !== undefined; ) {
      const state: State = States[name]!;
      const path = `${prefix}${name}`;
      entered.push(path);
      name = next(state, path);
    }
  }

  function next(state: State, path: string): string | undefined {
    try {
      switch (state.Type) {
        case 'Choice':
          return choose(state, start);
        case 'Fail':
          throw new Failed(state.Error);
        case 'Wait':
          break;
        case 'Task':
          invoke(state, standIns);
          break;
        default:
          inside(state, path);
      }
      return state.Next;
    } catch (error) {
      const caught = error instanceof Failed && state.Catch?.find((c) => c.ErrorEquals.includes('States.ALL'));
      if (!caught) throw error;
      return caught.Next;
    }
  }

  function inside({ Branches = [], ItemProcessor }: State, path: string): void {
    const errors: unknown[] = [];
    const machines = ItemProcessor ? [['[]', ItemProcessor] as const] : Branches.map((b, i) => [`[${i}]`, b] as const);
    for (const [where, each] of machines) {
      try {
        machine(each, `${path}${where}/`);
      } catch (error) {
        errors.push(error);
      }
    }
    // An error ends the other branches, also one that only waits.
    const failed = errors.find((e) => e instanceof Failed) ?? errors[0];
    if (failed) throw failed;
  }

  try {
    machine(definition, '');
    return { entered, end: 'succeeded' };
  } catch (error) {
    if (error instanceof Failed) return { entered, end: 'failed' };
    if (error instanceof Waiting) return { entered, end: 'waiting' };
    throw error;
  }
}

function invoke({ Arguments, TimeoutSeconds, Resource }: State, { throws, hangs, nobody }: StandIns): void {
  if (Resource === nobody) throw new Waiting();
  if (Arguments?.FunctionName === throws) throw new Failed(injectedError);
  if (Arguments?.FunctionName !== hangs) return;
  if (TimeoutSeconds !== taskTimeoutSeconds) throw new Error(`a task that hangs has ${TimeoutSeconds} s`);
  if (!Resource?.endsWith(':states:::lambda:invoke')) throw new Error(`a Lambda is invoked by ${Resource}`);
  throw new Failed('States.Timeout');
}

function choose({ Choices = [], Default }: State, { dryRun, endedRun, scenario = 'control' }: Start): string {
  const answers: Record<string, boolean> = {
    "{% $states.input.status = 'continue' %}": false,
    "{% $states.input.status = 'stop' %}": false,
    "{% $states.input.status = 'dry-run' %}": dryRun ?? false,
    "{% $states.input.status = 'wait' %}": false,
    "{% $states.input.status = 'nothing' %}": endedRun ?? false,
    "{% $states.input.over = 'running' %}": false,
    "{% $states.input.over = 'over' %}": true,
    '{% $states.input.ended %}': true,
    "{% $states.input.next = 'proceed' %}": true,
    "{% $states.input.next = 'wait' %}": false,
  };
  const asked = /^\{% \$states\.input\.scenario = '(.*)' %\}$/;
  const chosen = Choices.find(({ Condition = '' }) => {
    const answer = asked.test(Condition) ? asked.exec(Condition)![1] === scenario : answers[Condition];
    if (answer === undefined) throw new Error(`how a run in good order answers is not known: ${Condition}`);
    return answer;
  });
  return (chosen?.Next ?? Default)!;
}
