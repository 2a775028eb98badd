/** Columns of every help text, whatever the terminal has. */
export const helpWidth = 80;

export const generalHelp = `
In the repository: npx faultline <command>. start, up and report work on this
machine; everything else asks the API of the deployment that FAULTLINE_API
names (its output ApiUrl), or else what runs on this machine.

Options, examples, environment and exit status: faultline help <command>
"npm start -- <options>" is "faultline start <options>".`;

export const startHelp = `
Examples:
  faultline start --scenario cache-failure --scenario database-failure
  faultline start --fragile --profile full

Works on this machine only, on the sample application or on the target of a
faultline.yaml (--config): with FAULTLINE_API set it refuses.
FAULTLINE_PORT is the port of the local AWS on 127.0.0.1 (default 4566).
FAULTLINE_ENDPOINT is an AWS on this machine that runs already, such as
http://127.0.0.1:4566: it is deployed there, and not on a local AWS of its own.

Exit status: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is
INVALID or ERROR, or the run itself failed or was refused, 4 stopped.
With --dry-run: 0 nothing would refuse it, 2 wrong usage, 3 something would or
it failed, 4 stopped. With --list: 0.`;

export const upHelp = `
Examples:
  faultline up
  FAULTLINE_PORT=4600 faultline up --target shop --fragile

Works in the repository, which has the local stack, and FAULTLINE_API has no
part in it. FAULTLINE_PORT is its port on 127.0.0.1 (default 4566);
FAULTLINE_ENDPOINT an AWS on this machine that runs already and is used instead.

Exit status: 0 ended as asked, 2 wrong usage, 3 failed.`;

/** Of what starts. */
export const startedStatus = `0 started, 2 wrong usage, 3 refused or unreachable.
With --dry-run: 0 nothing would refuse it, 2 wrong usage, 3 something would.
With --watch: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is
INVALID or ERROR, or a run never began, 4 one was stopped, or left with Ctrl-C.`;

/** Of what can be watched. */
export const watchedStatus = `0 shown, 2 wrong usage, 3 not there or unreachable.
With --watch: 0 every verdict is PASS, 1 one is FAIL, 2 wrong usage, 3 one is
INVALID or ERROR, or a run never began, 4 one was stopped, or left with Ctrl-C.`;

/**
 * Of what asks the API.
 * @param examples command lines, one a line
 * @param status what the exit status stands for
 */
export const askingHelp = (examples = '', status = '0 done, 2 wrong usage, 3 refused or unreachable.'): string => `
${examples === '' ? '' : `Examples:\n${indented(examples)}\n\n`}\
Asks the API that FAULTLINE_API names (the deployment's output ApiUrl), with the
AWS credentials of the environment; without it what runs on this machine: npm
start or faultline up (of several, the one at FAULTLINE_PORT).

Exit status: ${status}`;

const indented = (text: string) => text.replace(/^/gm, '  ');

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

export const costHelp = `
Works offline, from list prices that are kept with this version with their day.
At most: recovery is counted with its whole limit. See docs/cost.md.

Examples:
  npx faultline cost --profile full --workers 10
  npx faultline cost --scenario cache-failure --profile quick --json

Exit status: 0 told, 2 wrong usage.`;

export const targetHelp = `
Works on a configuration, by default faultline.yaml in this folder. check starts
its target on this machine as its 'local' section says, looks at every piece
from inside the run's network and ends it again; with --account it looks at the
target where its team runs it, from here.

Exit status: 0 all is there, 1 something is missing, 2 wrong usage or a mistake
in the configuration, 3 it could not be checked, 4 stopped.`;

export const initHelp = `
Asks on a terminal; an empty line takes the answer in brackets, '-' is none. An
answer that the configuration does not allow is asked again.

Exit status: 0 written, 2 wrong usage, or the file is there already.`;
