import type { Verdict } from '../../lambdas/runs/run.ts';

/** Wrong usage: of the arguments, or of the environment. */
export const usageError = 2;

/** What a command ends with, by the verdict that it came to. Documented in docs/cli.md and in the help texts. */
export const exitOf: Record<Verdict, number> = { PASS: 0, FAIL: 1, INVALID: 3, ERROR: 3, ABORTED: 4 };
