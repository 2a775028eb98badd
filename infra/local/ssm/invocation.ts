import type { Clock } from '../../../lambdas/aws/clock.ts';
import type { HostChannel, RunningHostCommand } from '../host/host-channel.ts';
import {
  cancelled,
  cancelling,
  delayed,
  deliveryTimedOut,
  executionTimedOut,
  failed,
  inProgress,
  isFinal,
  type Outcome,
  pending,
  success,
  together,
} from './outcome.ts';
import type { Step } from './steps.ts';

/** What is known of one step on one host. Times are epoch seconds. */
export interface StepRecord {
  name: string;
  outcome: Outcome;
  /** -1 until there is one. */
  responseCode: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Empty until the step has ended, then whole: how much of it is shown is for the answers to say. */
  stdout: string;
  stderr: string;
}

export interface InvocationOptions {
  commandId: string;
  host: HostChannel;
  steps: readonly Step[];
  region: string;
  /** What has not reached its host by then never will. */
  deliverySeconds: number;
  clock: Clock;
}

/** Of a service of the system, as the agent is one. */
const servicePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const deliveryTrySeconds = 0.2;
const killSeconds = 10;
/** What the agent reports of a process that it has killed. */
const killedCode = 137;
/** A step that ends with one of these exit statuses ends its document, as a success and as a failure. */
const [exitWithSuccess, exitWithFailure] = [168, 169];

/** One command on one host, from its delivery to its end. */
export class Invocation {
  readonly host: HostChannel;
  readonly steps: readonly StepRecord[];
  readonly requestedAt: number;
  /** When Systems Manager no longer waits for the host's word. */
  readonly expiresAt: number;
  outcome = pending;
  private readonly options: InvocationOptions;
  private deliveries = 0;
  private readonly cancellation = new AbortController();

  constructor(options: InvocationOptions) {
    this.options = options;
    this.host = options.host;
    this.requestedAt = options.clock.now();
    const executionSeconds = options.steps.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0);
    this.expiresAt = this.requestedAt + options.deliverySeconds + executionSeconds;
    this.steps = options.steps.map(({ name }) => ({ name, outcome: pending, responseCode: -1, ...nothingYet }));
  }

  /** Never rejects: whatever a host does is an outcome. */
  async run(): Promise<void> {
    let deliverBy = this.requestedAt + this.options.deliverySeconds;
    for (const [index, step] of this.options.steps.entries()) {
      const record = this.steps[index]!;
      if (step.skipped === undefined) await this.runStep(step, record, deliverBy);
      else this.skip(record, step.skipped);
      if (this.isOver(step, record)) break;
      deliverBy = this.expiresAt;
    }
    for (const record of this.steps.filter(({ outcome }) => !isFinal(outcome))) this.leaveOut(record);
    this.outcome = together(this.steps.map(({ outcome }) => outcome));
  }

  /** What has not been delivered never will be, and what runs is killed. */
  cancel(): void {
    if (isFinal(this.outcome)) return;
    this.outcome = cancelling;
    this.cancellation.abort();
  }

  private async runStep(step: Step, record: StepRecord, deliverBy: number): Promise<void> {
    const running = await this.deliver(step, deliverBy);
    if (running === undefined) {
      record.outcome = this.isCancelled ? cancelled : deliveryTimedOut;
      return;
    }
    record.outcome = inProgress;
    record.startedAt = this.options.clock.now();
    if (!this.isCancelled) this.outcome = inProgress;
    await this.follow(running, step, record);
    record.endedAt = this.options.clock.now();
  }

  /** Undefined when the host did not take it in time, or it was cancelled before. */
  private async deliver(step: Step, by: number): Promise<RunningHostCommand | undefined> {
    const { clock, commandId, region } = this.options;
    const { script, workingDirectory } = step;
    const environment = {
      PATH: servicePath,
      ...step.environment,
      SSM_COMMAND_ID: commandId,
      AWS_SSM_INSTANCE_ID: this.host.instanceId,
      AWS_SSM_REGION_NAME: region,
    };
    while (clock.now() < by && !this.isCancelled) {
      if (this.host.online()) {
        const id = `${commandId}-${++this.deliveries}`;
        const started = this.host.start({ id, script, environment, workingDirectory });
        const running = await this.until(by, started).catch(this.complain);
        if (running !== undefined) return running;
        // Should it arrive after all, it must not go on.
        started.then(this.kill, () => {});
      }
      if (this.outcome === pending) this.outcome = delayed;
      await clock.sleep(Math.min(deliveryTrySeconds, by - clock.now()), this.cancellation.signal);
    }
    return undefined;
  }

  private async follow(running: RunningHostCommand, step: Step, record: StepRecord): Promise<void> {
    const { clock } = this.options;
    let end = await this.until(clock.now() + step.timeoutSeconds, running.done);
    const stopped = end === undefined ? (this.isCancelled ? cancelled : executionTimedOut) : undefined;
    if (stopped !== undefined) {
      this.kill(running);
      end = await this.within(Math.max(this.expiresAt - clock.now(), killSeconds), running.done);
    }
    // A host that is gone says nothing any more, which Systems Manager learns only by waiting.
    if (end === undefined || (end.code === null && stopped === undefined)) {
      await clock.sleep(this.expiresAt - clock.now());
      record.outcome = deliveryTimedOut;
      return;
    }
    const code = stopped === undefined ? end.code! : killedCode;
    Object.assign(record, { stdout: end.stdout, stderr: end.stderr, responseCode: code });
    record.outcome = stopped ?? outcomeOf(code);
    if (record.outcome === failed && step.onFailure === 'successAndExit') {
      Object.assign(record, { outcome: success, responseCode: exitWithSuccess });
    }
  }

  private isOver(step: Step, { outcome, responseCode }: StepRecord): boolean {
    const hasExited = [exitWithSuccess, exitWithFailure].includes(responseCode);
    const isGone = outcome === deliveryTimedOut || this.isCancelled;
    return isGone || hasExited || (outcome === failed && step.onFailure === 'exit');
  }

  /** A step that is not come to, because of how an earlier one ended. */
  private leaveOut(record: StepRecord): void {
    const isGone = this.steps.some(({ outcome }) => outcome === deliveryTimedOut);
    if (this.isCancelled) record.outcome = cancelled;
    else if (isGone) record.outcome = deliveryTimedOut;
    else this.skip(record, `Step ${record.name} skipped due to prior step with an exit condition`);
  }

  private skip(record: StepRecord, why: string): void {
    const now = this.options.clock.now();
    Object.assign(record, { outcome: success, responseCode: 0, startedAt: now, endedAt: now, stdout: why });
  }

  private get isCancelled(): boolean {
    return this.cancellation.signal.aborted;
  }

  /** What it comes to, or undefined when that takes longer or the command is cancelled. */
  private until<T>(time: number, result: Promise<T>): Promise<T | undefined> {
    return this.within(time - this.options.clock.now(), result, this.cancellation.signal);
  }

  private async within<T>(seconds: number, result: Promise<T>, cancellation?: AbortSignal): Promise<T | undefined> {
    const done = new AbortController();
    const signal = cancellation ? AbortSignal.any([done.signal, cancellation]) : done.signal;
    const over = this.options.clock.sleep(seconds, signal).then(() => undefined);
    return Promise.race([result, over]).finally(() => done.abort());
  }

  private readonly kill = (running: RunningHostCommand): void => {
    running.kill().catch(this.complain);
  };

  /** Into the sandbox's log: Systems Manager itself would not say more than that it is delayed. */
  private readonly complain = (error: Error): undefined => {
    console.error(`command ${this.options.commandId} on host ${this.host.name}: ${error.message}`);
  };
}

const nothingYet = { startedAt: null, endedAt: null, stdout: '', stderr: '' };

function outcomeOf(code: number): Outcome {
  if (code === 0 || code === exitWithSuccess) return success;
  return code === killedCode ? executionTimedOut : failed;
}
