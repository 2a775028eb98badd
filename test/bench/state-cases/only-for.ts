import type { Definition, State } from './definition.ts';

/**
 * A machine that follows one definition for one run and the other for every other run: somebody else's execution may
 * be started while the definition of a case is in place.
 */
export function onlyFor(runId: string, definition: Definition, others: Definition): Definition {
  const States: Record<string, State> = {
    'Whose?': {
      Type: 'Choice',
      QueryLanguage: 'JSONata',
      Choices: [{ Condition: `{% $states.input.runId = '${runId}' %}`, Next: definition.StartAt }],
      Default: 'Others',
    },
    Others: {
      Type: 'Parallel',
      QueryLanguage: 'JSONata',
      Branches: [renamed(others, (name) => `Others: ${name}`)],
      End: true,
    },
    ...definition.States,
  };
  return { ...definition, StartAt: 'Whose?', States };
}

/** Names are unique in a whole machine. */
function renamed({ StartAt, States }: Definition, rename: (name: string) => string): Definition {
  const next = <T extends { Next?: string }>(at: T): T =>
    at.Next === undefined ? at : { ...at, Next: rename(at.Next) };
  const state = ({ Default, Choices, Catch, Branches, ...rest }: State): State => ({
    ...next(rest as State),
    ...(Default !== undefined && { Default: rename(Default) }),
    ...(Choices && { Choices: Choices.map(next) }),
    ...(Catch && { Catch: Catch.map(next) }),
    ...(Branches && { Branches: Branches.map((branch) => renamed(branch, rename)) }),
  });
  const entries = Object.entries(States).map(([name, each]) => [rename(name), state(each)]);
  return { StartAt: rename(StartAt), States: Object.fromEntries(entries) };
}
