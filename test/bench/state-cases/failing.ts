import { type Definition, type Retrier, rewrite, type State, stateAt } from './definition.ts';

export const failureKinds = ['error', 'time-out'] as const;
export type FailureKind = (typeof failureKinds)[number];

/** What stands in for a state that fails. */
export interface StandIns {
  /** A Lambda that throws an error named `injectedError` at once: its ARN or name. */
  throws: string;
  /** A Lambda that does not answer within `taskTimeoutSeconds`: its ARN or name. */
  hangs: string;
  /** The ARN of an activity that nobody works on: its task is never answered, and its ARN is seen in the history. */
  nobody: string;
}

export const injectedError = 'InjectedFailure';
export const taskTimeoutSeconds = 1;

/**
 * The definition with one state that fails. A Task keeps what makes it a part of the machine (Retry, Catch, Next,
 * Output) and invokes another Lambda; any other state has a Fail in its place, or a task that is never answered: the
 * execution is to be ended from outside, as its own time-out would end it.
 * @throws NoSuchState
 */
export function failing(definition: Definition, path: string, kind: FailureKind, standIns: StandIns): Definition {
  stateAt(definition, path);
  return rewrite(definition, (at, state) => {
    if (at !== path) return state;
    return state.Type === 'Task' ? failingTask(state, kind, standIns) : failedState(state, kind, standIns);
  });
}

function failingTask(task: State, kind: FailureKind, { throws, hangs }: StandIns): State {
  return {
    ...task,
    // Whatever it was an integration of, in the same partition.
    Resource: task.Resource!.replace(/states:::.*$/, 'states:::lambda:invoke'),
    Arguments: { FunctionName: kind === 'error' ? throws : hangs, Payload: task.Arguments?.Payload ?? {} },
    ...(kind === 'time-out' && { TimeoutSeconds: taskTimeoutSeconds }),
    ...(task.Retry && { Retry: task.Retry.map((retrier) => (matches(retrier, kind) ? quick(retrier) : retrier)) }),
  };
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation */
function matches({ ErrorEquals }: Retrier, kind: FailureKind): boolean {
  const names =
    kind === 'error' ? ['States.ALL', 'States.TaskFailed', injectedError] : ['States.ALL', 'States.Timeout'];
  return names.some((name) => ErrorEquals.includes(name));
}

/** As many attempts, without the growing pauses that a case would only wait for. */
const quick = (retrier: Retrier): Retrier => ({ ...retrier, IntervalSeconds: 1, BackoffRate: 1 });

function failedState({ QueryLanguage }: State, kind: FailureKind, { nobody }: StandIns): State {
  const language = QueryLanguage && { QueryLanguage };
  return kind === 'error'
    ? { Type: 'Fail', ...language, Error: injectedError, Cause: 'This state fails on purpose.' }
    : { Type: 'Task', ...language, Resource: nobody, End: true };
}
