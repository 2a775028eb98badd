import { type Definition, rewrite } from './definition.ts';

const rehearsal = /\/Rehearse (revert|proof)$/;

/**
 * The definition without the rehearsals, which look and change nothing: what they cost would be the most of a case.
 * @param except paths of states that stay as they are
 */
export function unrehearsed(definition: Definition, except: readonly string[]): Definition {
  return rewrite(definition, (path, state) => {
    if (state.Type !== 'Task' || !rehearsal.test(path) || except.includes(path)) return state;
    return { Type: 'Pass', ...(state.QueryLanguage && { QueryLanguage: state.QueryLanguage }), Next: state.Next };
  });
}
