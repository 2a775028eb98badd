import { spawn } from 'node:child_process';

export interface ExecOptions {
  /** Added to a small environment with PATH and the endpoints; no credentials are in it. */
  env?: Record<string, string>;
  /** Runs it in this task's network namespace instead of the router's. */
  taskArn?: string;
  timeoutMs?: number;
}

export interface ExecResult {
  /** Exit code, or 128 + n when signal n ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program in the namespaces of process `init`. @throws when it could not be started or took too long */
export function execInside(
  init: number,
  argv: string[],
  environment: Record<string, string>,
  options: { networkNamespace?: string; timeoutMs: number },
): Promise<ExecResult> {
  const enter = ['-t', String(init), '-U', '-m', '-n', '-p', '-i', '-u', '--preserve-credentials', '--'];
  const network = options.networkNamespace === undefined ? [] : ['nsenter', `--net=${options.networkNamespace}`, '--'];
  return new Promise((resolve, reject) => {
    const child = spawn('nsenter', [...enter, ...network, ...argv], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code !== null) resolve({ code, stdout, stderr });
      else reject(new Error(`${argv.join(' ')} was ended by ${signal}; it said: ${stdout}${stderr}`));
    });
  });
}
