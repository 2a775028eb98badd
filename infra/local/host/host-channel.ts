/** A managed host as the fault plane sees it. */
export interface HostChannel {
  /** `i-` and 17 hexadecimal digits. */
  readonly instanceId: string;
  /** Computer name. */
  readonly name: string;
  /** In the run's network. */
  readonly address: string;
  readonly tags: Record<string, string>;
  /** As DescribeInstanceInformation has it: `Debian GNU/Linux`, `12`. */
  readonly platform: { name: string; version: string };
  /** Whether its agent answers now. */
  online(): boolean;
  /** Epoch milliseconds of the agent's last sign of life; 0 when there was none. */
  lastPing(): number;
  /**
   * Runs a script with bash as root on the host, in a process group of its own.
   * Rejects only when it could not be delivered.
   */
  start(command: HostCommand): Promise<RunningHostCommand>;
}

export interface HostCommand {
  /** Letters, digits and hyphens; never used before on this host. */
  id: string;
  script: string;
  environment: Record<string, string>;
  workingDirectory: string;
}

export interface RunningHostCommand {
  /** Resolves when the process has ended; code null when its host is gone. Output is whole, limits are the caller's. */
  done: Promise<HostCommandResult>;
  /** SIGTERM to the process group, SIGKILL 5 s later. */
  kill(): Promise<void>;
}

export interface HostCommandResult {
  /** Exit code, or 128 + n when signal n ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Epoch milliseconds. */
  endedAt: number;
}
