import type { MiddlewareObj } from '@middy/core';

/**
 * Puts an error's name into its message as well: not every runtime that a Lambda runs in tells the name
 * (`errorType`), and without it "not authorized" or "in use" is only half of what a reader needs.
 */
export const namedErrors = (): MiddlewareObj => ({
  onError: ({ error }) => {
    if (error && error.name !== 'Error' && !error.message.startsWith(error.name)) {
      error.message = `${error.name}: ${error.message}`;
    }
  },
});
