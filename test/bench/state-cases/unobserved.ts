import { type Definition, rewrite, type State } from './definition.ts';

const observe = /\/Observe, lane \d$/;

/**
 * The definition with observers that see nothing and end at once. They end when the run comes to its end; where the
 * guard itself fails, nobody brings it there. Step Functions then ends the other branches of the Parallel, the emulator
 * waits for them.
 */
export function unobserved(definition: Definition): Definition {
  return rewrite(definition, (path, state) => (observe.test(path) ? endedAtOnce(state) : state));
}

function endedAtOnce({ Next, QueryLanguage }: State): State {
  return {
    Type: 'Wait',
    ...(QueryLanguage && { QueryLanguage }),
    Seconds: 1,
    Output: { runId: '{% $states.input.runId %}', slice: '{% $states.input.slice %}', ended: true },
    Next,
  };
}
