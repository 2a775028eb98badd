import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../lambdas/aws/clock.ts';
import type { HostChannel } from '../host/host-channel.ts';
import { type DocumentSource, findDocument } from './command-document.ts';
import { checkVersion } from './document-answers.ts';
import { Invocation } from './invocation.ts';
import { cancelling, inProgress, isFinal, type Outcome, pending, together } from './outcome.ts';
import { effectiveParameters } from './parameters.ts';
import type { SendCommandRequest } from './requests.ts';
import { SsmError } from './ssm-error.ts';
import { planSteps } from './steps.ts';

export interface Command {
  id: string;
  request: SendCommandRequest;
  invocations: readonly Invocation[];
}

export interface RunCommandOptions {
  documents: readonly DocumentSource[];
  hosts: () => readonly HostChannel[];
  region: string;
  account: string;
  clock: Clock;
}

/** Systems Manager keeps commands for 30 days; here the oldest that have ended go beyond this. */
const keptCommands = 1_000;

/** Systems Manager's Run Command: what was sent, and what became of it on each host. */
export class RunCommand {
  private readonly options: RunCommandOptions;
  private readonly sent = new Map<string, Command>();

  constructor(options: RunCommandOptions) {
    this.options = options;
  }

  /** Newest first. */
  get commands(): Command[] {
    return [...this.sent.values()].reverse();
  }

  /** @throws SsmError InvalidDocument, InvalidDocumentVersion, InvalidParameters, InvalidInstanceId, DuplicateInstanceId */
  send(request: SendCommandRequest): Command {
    const { documents, region, clock } = this.options;
    const document = findDocument(documents, request.DocumentName);
    checkVersion(request.DocumentName, request.DocumentVersion);
    const steps = planSteps(document, effectiveParameters(document, request.Parameters));
    const hosts = this.hostsOf(request.InstanceIds);
    const id = randomUUID();
    const deliverySeconds = request.TimeoutSeconds;
    const invocations = hosts.map(
      (host) => new Invocation({ commandId: id, host, steps, region, deliverySeconds, clock }),
    );
    const command = { id, request, invocations };
    this.sent.set(id, command);
    this.forgetOldest();
    for (const invocation of invocations) void invocation.run();
    return command;
  }

  /** @throws SsmError InvalidCommandId when it was never sent */
  find(id: string): Command {
    const command = this.sent.get(id);
    if (command === undefined) throw new SsmError('InvalidCommandId', `There is no command ${id}.`);
    return command;
  }

  /** @param instanceIds of these hosts only; empty for all @throws SsmError InvalidCommandId, InvalidInstanceId */
  cancel(id: string, instanceIds: readonly string[]): void {
    const { invocations } = this.find(id);
    const other = instanceIds.find((one) => !invocations.some(({ host }) => host.instanceId === one));
    if (other !== undefined) throw new SsmError('InvalidInstanceId', `Command ${id} was not sent to ${other}.`);
    const isMeant = ({ host }: Invocation) => instanceIds.length === 0 || instanceIds.includes(host.instanceId);
    for (const invocation of invocations.filter(isMeant)) invocation.cancel();
  }

  private hostsOf(ids: readonly string[]): HostChannel[] {
    if (new Set(ids).size < ids.length) throw new SsmError('DuplicateInstanceId', 'An instance id is given twice.');
    const known = new Map(this.options.hosts().map((host) => [host.instanceId, host]));
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length > 0) {
      const where = `not in a valid state for account ${this.options.account}`;
      throw new SsmError('InvalidInstanceId', `Instances [[${unknown.join(', ')}]] ${where}`);
    }
    return ids.map((id) => known.get(id)!);
  }

  private forgetOldest(): void {
    for (const { id, invocations } of this.sent.values()) {
      if (this.sent.size <= keptCommands) return;
      if (invocations.every(({ outcome }) => isFinal(outcome))) this.sent.delete(id);
    }
  }
}

/** What a command has come to on all its hosts. */
export function outcomeOf({ invocations }: Command): Outcome {
  const outcomes = invocations.map(({ outcome }) => outcome);
  if (outcomes.every(isFinal)) return together(outcomes);
  if (outcomes.includes(cancelling)) return cancelling;
  return outcomes.every(({ status }) => status === 'Pending') ? pending : inProgress;
}
