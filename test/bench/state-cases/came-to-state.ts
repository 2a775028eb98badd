import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Case } from './cases.ts';
import { type Definition, stateAt } from './definition.ts';
import { injectedError } from './failing.ts';

/**
 * Whether an execution came to the state that was to fail, by its history: each task that fails is seen there by its
 * error, what hangs by whom it waits for.
 * @param noted what the run has noted of its errors: a Fail inside a Parallel is seen nowhere else
 */
export function cameToState(
  definition: Definition,
  { path, before, needsAbort }: Case,
  history: readonly HistoryEvent[],
  noted: readonly string[],
  nobody: string,
): boolean {
  const tasks = [...before, path].filter((at) => stateAt(definition, at).state.Type === 'Task');
  const failed = history.filter(({ taskFailedEventDetails: failure }) => failure && isMade(failure));
  if (failed.length < tasks.length) return false;
  if (needsAbort)
    return history.some(({ taskScheduledEventDetails }) => taskScheduledEventDetails?.resource === nobody);
  if (tasks.includes(path)) return true;
  const ended = history.some(({ executionFailedEventDetails: failure }) => failure && isMade(failure));
  return ended || noted.some((text) => text.includes(injectedError));
}

const isMade = ({ error, cause }: { error?: string; cause?: string }): boolean =>
  error === 'States.Timeout' || `${error} ${cause}`.includes(injectedError);
