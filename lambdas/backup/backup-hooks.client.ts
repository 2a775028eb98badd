import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { inOneLine } from '../aws/one-line.ts';
import { type BackupRequest, type BackupTaken, backupTakenSchema } from './backup.ts';

/** Longer than a hook of ours may take; past it nobody waits for any. */
export const hookSeconds = 180;

/** The hook failed, did not answer in time, or answered something else than what it took. */
export class BackupHookFailed extends Error {
  constructor(hook: string, why: string) {
    super(`${hook}: ${why}`);
    this.name = 'BackupHookFailed';
  }
}

/** Runtime access to the Lambdas that make backups. */
export class BackupHooksClient {
  private readonly lambda: LambdaClient;

  constructor(lambda: LambdaClient) {
    this.lambda = lambda;
  }

  /** @throws BackupHookFailed */
  async run(hook: string, request: BackupRequest): Promise<BackupTaken> {
    const signal = AbortSignal.timeout(hookSeconds * 1000);
    const invoke = new InvokeCommand({ FunctionName: hook, Payload: JSON.stringify(request) });
    const { FunctionError, Payload } = await this.lambda.send(invoke, { abortSignal: signal }).catch((error: Error) => {
      throw new BackupHookFailed(hook, signal.aborted ? `no answer within ${hookSeconds} s` : String(error));
    });
    const text = Payload?.transformToString() ?? '';
    if (FunctionError) throw new BackupHookFailed(hook, failureOf(text));
    const { success, data } = backupTakenSchema.safeParse(json(text));
    if (!success) throw new BackupHookFailed(hook, `it does not tell what it took: ${inOneLine(text.slice(0, 300))}`);
    return data;
  }
}

/** A Lambda's own error is `{ errorType, errorMessage }`. */
function failureOf(text: string): string {
  const { errorMessage } = Object(json(text)) as { errorMessage?: unknown };
  return inOneLine(typeof errorMessage === 'string' ? errorMessage : text).slice(0, 300);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
