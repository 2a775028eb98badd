import {
  CancelCommandCommand,
  type CommandInvocation,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  type InstanceInformation,
  InvalidInstanceId,
  InvocationDoesNotExist,
  paginateDescribeInstanceInformation,
  paginateListCommandInvocations,
  paginateListCommands,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { Clock } from '../aws/clock.ts';
import { optInTag } from '../aws/ecs-services.client.ts';
import { HostCommandFailed, HostOffline } from './host-errors.ts';

export interface ManagedHost {
  instanceId: string;
  name: string;
  address: string;
  online: boolean;
  /** Whether it has the opt-in tag. */
  optedIn: boolean;
  agentVersion: string;
  platform: string;
}

export interface Tag {
  key: string;
  value: string;
}

export type DocumentParameters = Record<string, string>;

export interface CommandOutput {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** A command that has not ended. */
export interface LivingCommand {
  commandId: string;
  runId: string | null;
}

/** How a command ended, or what it is at. */
export interface CommandEnd {
  isOver: boolean;
  status: string;
  /** What the host said last. */
  words: string;
}

/** What was not delivered by then never is: an offline host must not get a fault later. The shortest that SSM takes. */
export const deliverySeconds = 30;
/** Between the end of a command and SSM's saying so. */
const graceSeconds = 10;
/** No document of ours takes longer. */
const longestCommandSeconds = 3 * 3600;
/** A command takes as long as until somebody sees that it has ended, so that the pauses grow slowly. */
const [firstPollSeconds, pollGrowth, longestPollSeconds] = [0.1, 1.25, 0.5];

/** Runtime access to managed hosts through SSM Run Command, always by explicit instance ids. */
export class Hosts {
  private readonly ssm: SSMClient;
  private readonly clock: Clock;

  constructor(ssm: SSMClient, clock: Clock) {
    this.ssm = ssm;
    this.clock = clock;
  }

  /** The managed hosts that have this tag, by name. */
  async find({ key, value }: Tag): Promise<ManagedHost[]> {
    const tagged = { Key: `tag:${key}`, Values: [value] };
    const optedIn = { Key: `tag:${optInTag.key}`, Values: [optInTag.value] };
    // SSM tells a host's tags only by finding it with them.
    const [all, opted] = await Promise.all([this.describe([tagged]), this.describe([tagged, optedIn])]);
    const ids = new Set(opted.map(({ InstanceId }) => InstanceId));
    return all
      .map((information) => view(information, ids.has(information.InstanceId)))
      .sort((a, b) => a.name.localeCompare(b.name) || a.instanceId.localeCompare(b.instanceId));
  }

  /** Whether SSM still knows the host; one that was terminated it forgets. */
  async isKnown(instanceId: string): Promise<boolean> {
    return (await this.describe([{ Key: 'InstanceIds', Values: [instanceId] }])).length > 0;
  }

  /**
   * Runs a document on one host and waits for its end.
   * @param executionSeconds the document's own time-out
   * @throws HostOffline when it was not delivered within 30 s: then it never will be; HostCommandFailed
   */
  async run(
    document: string,
    instanceId: string,
    parameters: DocumentParameters,
    { executionSeconds }: { executionSeconds: number },
  ): Promise<CommandOutput> {
    const commandId = await this.start(document, instanceId, parameters);
    const command = { document, instanceId };
    const until = this.clock.now() + deliverySeconds + executionSeconds + graceSeconds;
    for (let pause = firstPollSeconds; ; pause = Math.min(pause * pollGrowth, longestPollSeconds)) {
      const found = await this.invocation(commandId, instanceId);
      const output = found && outcome(command, found);
      if (output) return output;
      if (this.clock.now() > until) {
        await this.cancel(commandId);
        if (found && hasBegun(found)) throw new HostCommandFailed(command, 'unfinished', null, lastWords(found));
        throw new HostOffline(command, `SSM left it ${found?.StatusDetails ?? 'unanswered'}; it was cancelled`);
      }
      await this.clock.sleep(pause);
    }
  }

  /** Starts a document on one host and leaves it to itself. @returns the command's id @throws HostOffline */
  async start(document: string, instanceId: string, parameters: DocumentParameters): Promise<string> {
    try {
      const { Command } = await this.ssm.send(
        new SendCommandCommand({
          DocumentName: document,
          InstanceIds: [instanceId],
          Parameters: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]])),
          TimeoutSeconds: deliverySeconds,
          Comment: commentOf(parameters.RunId),
        }),
      );
      return Command!.CommandId!;
    } catch (error) {
      if (!(error instanceof InvalidInstanceId)) throw error;
      throw new HostOffline({ document, instanceId }, error.message || 'SSM takes no commands for it');
    }
  }

  /** The latest command with this document that a run sent to a host; null where SSM has none. */
  async latest(document: string, InstanceId: string, runId: string): Promise<CommandEnd | null> {
    const input = { InstanceId, Filters: this.ofLate(document), Details: true };
    let latest: CommandInvocation | null = null;
    for await (const { CommandInvocations = [] } of paginateListCommandInvocations({ client: this.ssm }, input)) {
      for (const found of CommandInvocations.filter(({ Comment }) => Comment === commentOf(runId))) {
        if (!latest || found.RequestedDateTime! > latest.RequestedDateTime!) latest = found;
      }
    }
    if (!latest) return null;
    const { StatusDetails = '', Status = '', CommandPlugins } = latest;
    const words = lastLines(CommandPlugins?.map(({ Output = '' }) => Output).join('\n'));
    return { isOver: !underWay.includes(Status), status: StatusDetails || Status, words: words || 'it said nothing' };
  }

  /** Commands with this document that have not ended and that nobody has cancelled, of all runs. */
  async living(document: string): Promise<LivingCommand[]> {
    const found: LivingCommand[] = [];
    const input = { Filters: this.ofLate(document) };
    for await (const { Commands = [] } of paginateListCommands({ client: this.ssm }, input)) {
      for (const { CommandId, Status, Parameters } of Commands) {
        if (!CommandId || !['Pending', 'InProgress'].includes(Status ?? '')) continue;
        found.push({ commandId: CommandId, runId: Parameters?.RunId?.[0] ?? null });
      }
    }
    return found;
  }

  async cancel(commandId: string): Promise<void> {
    await this.ssm.send(new CancelCommandCommand({ CommandId: commandId }));
  }

  private ofLate(document: string) {
    const since = new Date((this.clock.now() - longestCommandSeconds) * 1000).toISOString();
    return [
      { key: 'DocumentName' as const, value: document },
      { key: 'InvokedAfter' as const, value: since.replace(/\.\d+Z$/, 'Z') },
    ];
  }

  private async describe(Filters: { Key: string; Values: string[] }[]): Promise<InstanceInformation[]> {
    const found: InstanceInformation[] = [];
    const pages = paginateDescribeInstanceInformation({ client: this.ssm, pageSize: 50 }, { Filters });
    for await (const page of pages) found.push(...(page.InstanceInformationList ?? []));
    return found;
  }

  /** Null in the moment before SSM knows it. */
  private async invocation(CommandId: string, InstanceId: string): Promise<GetCommandInvocationResult | null> {
    try {
      return await this.ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
    } catch (error) {
      if (error instanceof InvocationDoesNotExist) return null;
      throw error;
    }
  }
}

function view(of: InstanceInformation, optedIn: boolean): ManagedHost {
  return {
    instanceId: of.InstanceId ?? '',
    name: of.ComputerName || of.Name || of.InstanceId || '',
    address: of.IPAddress ?? '',
    online: of.PingStatus === 'Online',
    optedIn,
    agentVersion: of.AgentVersion ?? '',
    platform: of.PlatformType ?? '',
  };
}

const underWay = ['Pending', 'InProgress', 'Delayed', 'Cancelling'];
const undelivered = ['DeliveryTimedOut', 'Undeliverable', 'Terminated', 'InvalidPlatform', 'AccessDenied'];

/** Null while it is not over. @throws HostCommandFailed, HostOffline */
function outcome(command: { document: string; instanceId: string }, found: GetCommandInvocationResult) {
  const details = (found.StatusDetails || found.Status || '').replace(/\s/g, '');
  if (found.Status === 'Success') {
    return {
      stdout: found.StandardOutputContent ?? '',
      stderr: found.StandardErrorContent ?? '',
      exitCode: found.ResponseCode ?? 0,
    };
  }
  if (underWay.includes(found.Status ?? '')) return null;
  if (undelivered.includes(details)) throw new HostOffline(command, `SSM says ${details}`);
  const exitCode = found.ResponseCode === undefined || found.ResponseCode < 0 ? null : found.ResponseCode;
  throw new HostCommandFailed(command, details, exitCode, lastWords(found));
}

const hasBegun = ({ ExecutionStartDateTime }: GetCommandInvocationResult) => Boolean(ExecutionStartDateTime);

/** Scripts say on stderr why they gave up; the last line is the reason. */
function lastWords({ StandardErrorContent, StandardOutputContent }: GetCommandInvocationResult): string {
  return lastLines(StandardErrorContent) || lastLines(StandardOutputContent);
}

const lastLines = (text = '') => text.trim().split('\n').slice(-3).join(' ');

/** By which a run's commands are found again. */
const commentOf = (runId = '') => `Faultline ${runId}`.trim();
