import { inOneLine } from '../aws/one-line.ts';

interface Command {
  document: string;
  instanceId: string;
}

/** A command that a host began and did not end well; the message has the host's own last words. */
export class HostCommandFailed extends Error {
  readonly exitCode: number | null;

  constructor({ document, instanceId }: Command, status: string, exitCode: number | null, lastWords: string) {
    const exit = exitCode === null ? '' : `, exit status ${exitCode}`;
    super(inOneLine(`${document} on host ${instanceId} ended ${status}${exit}: ${lastWords || 'it said nothing'}`));
    this.name = 'HostCommandFailed';
    this.exitCode = exitCode;
  }
}

/** A command that no host has begun, or will begin. */
export class HostOffline extends Error {
  constructor({ document, instanceId }: Command, why: string) {
    super(inOneLine(`${document} did not reach host ${instanceId}: ${why}`));
    this.name = 'HostOffline';
  }
}
