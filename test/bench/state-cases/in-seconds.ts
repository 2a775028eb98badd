import type { Definition } from './definition.ts';
import { passedOver } from './passed-over.ts';
import { shortened } from './shortened.ts';

/**
 * The definition as a run by it takes seconds: watches are short, what only looks or waits is passed over.
 * @param except paths of states that stay as they are
 */
export const inSeconds = (definition: Definition, except: readonly string[] = []): Definition =>
  passedOver(shortened(definition, except), except);
