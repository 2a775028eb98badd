import { commandLine } from '../../../../infra/cli/command-line.ts';

/** A command line that may ask nobody, with what it printed and its exit status. */
export async function offline(argv: readonly string[]) {
  const ran = { status: -1, stdout: '', stderr: '' };
  const nothingElse = () => {
    throw new Error('this asks nobody');
  };
  ran.status = await commandLine(argv, {
    version: '9.9.9',
    env: {},
    stdout: (text) => {
      ran.stdout += text;
    },
    stderr: (text) => {
      ran.stderr += text;
    },
    start: nothingElse,
    dryRun: nothingElse,
    deployment: nothingElse,
  });
  return ran;
}
