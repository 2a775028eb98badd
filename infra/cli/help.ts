/** Columns of every help text, whatever the terminal has. */
export const helpWidth = 80;

export const generalHelp = `
start works on this machine only. stop and lever work on the run that is going
on on this machine or, where FAULTLINE_API is set, on the deployment with that
API. Options, environment and exit status: npm run faultline -- help <command>
"npm start -- <options>" is "npm run faultline -- start <options>".`;

export const startHelp = `
Works on this machine's sample target only: with FAULTLINE_API set it refuses.
FAULTLINE_PORT is the port of the local AWS on 127.0.0.1 (default 4566).

Exit status: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is
INVALID or ERROR, or the run itself failed or was refused, 4 stopped.
With --dry-run: 0 nothing would refuse it, 2 wrong usage, 3 something would or
it failed, 4 stopped. With --list: 0.`;

/** Of what asks the API. @param done what exit status 0 stands for */
export const askingHelp = (done: string): string => `
Works on the run that is going on on this machine (of several, on the one at
FAULTLINE_PORT) or, where FAULTLINE_API is set to the address of a deployment's
API (its output ApiUrl), on that, with the AWS credentials of the environment.

Exit status: 0 ${done}, 2 wrong usage, 3 no run, refused or unreachable.`;

export const reportHelp = `
Works offline, on a game-day's folder (what npm start keeps in its output
folder) or on that of one of its runs; FAULTLINE_API has no part in it.

Exit status: 0 all is as it was, 1 something is not, 2 wrong usage, 3 failed,
or a rebuild was refused because the bundle is not as it was written.`;

export const compareHelp = `
Works offline, like report verify, on bundles that are as they were written;
their evidence is analysed anew. Three earlier game-days of the same target and
profile tell how much one differs from the next. With fewer only figures of a
time in which nothing is broken can be told from noise, by control runs.

Exit status: 0 nothing is worse beyond noise, 1 something is, 2 wrong usage,
3 failed, or there is nothing that could be compared.`;

export const baselineHelp = `
Keeps in <out>/baseline.json which bundles they are, with the digests of their
manifests: they have to stay where they are, as they are.

Exit status: 0 set or shown, 2 wrong usage, 3 failed, or none is set.`;
