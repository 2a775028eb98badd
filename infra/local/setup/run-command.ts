import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class CommandFailed extends Error {
  readonly program: string;
  readonly output: string;

  constructor(argv: string[], code: number | null, output: string) {
    super(
      `${argv.join(' ')} failed with status ${code ?? 'none'}:\n${output.trim().split('\n').slice(-12).join('\n')}`,
    );
    this.name = 'CommandFailed';
    this.program = argv[0]!;
    this.output = output;
  }
}

export interface CommandOptions {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Each line that the program prints, as it comes. */
  onLine?: (line: string) => void;
  /** Ends the program and those that it started; one that has been aborted keeps it from starting. */
  signal?: AbortSignal;
}

/**
 * Runs a program to its end, apart from the terminal's process group, so that Ctrl-C reaches only who started it.
 * @returns what it printed on both streams
 * @throws CommandFailed with the end of its output
 */
export function runCommand(argv: string[], { env, cwd, onLine, signal }: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new CommandFailed(argv, null, 'not started, since a stop was asked for'));
    const child = spawn(argv[0]!, argv.slice(1), { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      if (onLine) createInterface(stream).on('line', (line) => line.trim() && onLine(line.trim()));
    }
    const end = () => endGroup(child);
    signal?.addEventListener('abort', end, { once: true });
    child.on('error', (error) => reject(new CommandFailed(argv, null, error.message)));
    child.on('close', (code) => {
      signal?.removeEventListener('abort', end);
      if (code === 0) resolve(output);
      else reject(new CommandFailed(argv, code, output));
    });
  });
}

/** The program and those that it started; it may have ended a moment ago. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
