import { once } from 'node:events';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPreconditions } from './preconditions.ts';
import { startLocalStack } from './stack.ts';

const help = `usage: node_modules/.bin/node infra/local/cli.ts up [--python <venv>/bin/python] [--port <port>]

Starts the local AWS and prints how to reach it. Ctrl-C stops it and removes everything it made.

  --python  the Python environment with infra/local/requirements.txt (default .faultline/venv/bin/python)
  --port    the port on 127.0.0.1 (default FAULTLINE_PORT, else 4566)
`;

/** The command line of the local stack, for trying by hand. Returns the exit code. */
export async function main(argv: string[]): Promise<number> {
  let options: { python?: string; port?: string; help?: boolean };
  let commands: string[];
  try {
    const parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: { python: { type: 'string' }, port: { type: 'string' }, help: { type: 'boolean' } },
    });
    options = parsed.values;
    commands = parsed.positionals;
  } catch (error) {
    return complain((error as Error).message);
  }
  if (options.help || commands.length === 0) {
    process.stdout.write(help);
    return 0;
  }
  if (commands.length !== 1 || commands[0] !== 'up') return complain(`unknown command "${commands.join(' ')}"`);
  if (options.port !== undefined && !/^\d{1,5}$/.test(options.port)) return complain(`"${options.port}" is not a port`);

  const python = resolve(options.python ?? '.faultline/venv/bin/python');
  const problems = await checkPreconditions({ python });
  for (const { problem, mend } of problems) process.stderr.write(`${problem}; mend it with: ${mend}\n`);
  if (problems.length > 0) return 1;
  return up(python, options.port === undefined ? undefined : Number(options.port));
}

async function up(python: string, port: number | undefined): Promise<number> {
  const signal = new AbortController();
  const stopAsked = Promise.race(
    ['SIGINT', 'SIGTERM'].map((name) => once(process, name, { signal: signal.signal })),
  ).then(() => undefined);
  try {
    const stack = await startLocalStack({ python, port, onProgress: (text) => process.stderr.write(`${text}\n`) });
    process.stdout.write(
      [
        `export AWS_ENDPOINT_URL=${stack.endpoint} AWS_ENDPOINT_URL_S3=${stack.endpoint}`,
        `export AWS_ACCESS_KEY_ID=${stack.root.accessKeyId} AWS_SECRET_ACCESS_KEY=${stack.root.secretAccessKey}`,
        `export AWS_REGION=${stack.region} AWS_DEFAULT_REGION=${stack.region}`,
        `# state and logs: ${stack.stateDir}; Ctrl-C stops it`,
        '',
      ].join('\n'),
    );
    const reason = await Promise.race([stopAsked, stack.died]);
    await stack.stop();
    if (reason === undefined) return 0;
    process.stderr.write(`${reason}\n`);
    return 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    signal.abort();
  }
}

function complain(text: string): number {
  process.stderr.write(`${text}\n${help}`);
  return 2;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
