import type { Invocation, StepRecord } from './invocation.ts';
import { isFinal } from './outcome.ts';
import { cutStderr, cutStdout, summary } from './output.ts';
import { pageOf } from './page.ts';
import type { RequestOf } from './requests.ts';
import { type Command, outcomeOf, type RunCommand } from './run-command.ts';
import { SsmError } from './ssm-error.ts';

/** As it travels: times are epoch seconds. */
type Wire = Record<string, unknown>;

/** A command over all its hosts. */
export function commandWire(command: Command): Wire {
  const { request, invocations } = command;
  const { status, details } = outcomeOf(command);
  const detailed = (...wanted: string[]) =>
    invocations.filter(({ outcome }) => wanted.includes(outcome.details)).length;
  return {
    CommandId: command.id,
    DocumentName: request.DocumentName,
    DocumentVersion: request.DocumentVersion,
    Comment: request.Comment,
    ExpiresAfter: Math.max(...invocations.map(({ expiresAt }) => expiresAt)),
    Parameters: request.Parameters,
    InstanceIds: request.InstanceIds,
    Targets: [],
    RequestedDateTime: invocations[0]!.requestedAt,
    Status: status,
    StatusDetails: details,
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: invocations.length,
    CompletedCount: invocations.filter(({ outcome }) => isFinal(outcome)).length,
    ErrorCount: detailed('Failed', 'ExecutionTimedOut'),
    DeliveryTimedOutCount: detailed('DeliveryTimedOut'),
    TimeoutSeconds: request.TimeoutSeconds,
  };
}

/** @throws SsmError InvocationDoesNotExist, InvalidPluginName */
export function getCommandInvocation(runCommand: RunCommand, request: RequestOf<'GetCommandInvocation'>): Wire {
  const { CommandId, InstanceId, PluginName } = request;
  const command = runCommand.commands.find(({ id }) => id === CommandId);
  const invocation = command?.invocations.find(({ host }) => host.instanceId === InstanceId);
  if (command === undefined || invocation === undefined) {
    throw new SsmError('InvocationDoesNotExist', `Command ${CommandId} was not sent to ${InstanceId}.`);
  }
  const step = stepOf(invocation, PluginName);
  // A document is over when all its steps are: its only step speaks for it in the meantime.
  const outcome = PluginName === undefined ? invocation.outcome : step.outcome;
  return {
    CommandId,
    InstanceId,
    Comment: command.request.Comment,
    DocumentName: command.request.DocumentName,
    DocumentVersion: command.request.DocumentVersion,
    PluginName: step.name,
    ResponseCode: step.responseCode,
    ExecutionStartDateTime: iso(step.startedAt),
    ExecutionElapsedTime: duration(step),
    ExecutionEndDateTime: iso(step.endedAt),
    Status: outcome.status,
    StatusDetails: outcome.details,
    StandardOutputContent: cutStdout(step.stdout),
    StandardOutputUrl: '',
    StandardErrorContent: cutStderr(step.stderr),
    StandardErrorUrl: '',
  };
}

function stepOf({ steps }: Invocation, name: string | undefined): StepRecord {
  const found = name === undefined && steps.length === 1 ? steps[0] : steps.find((step) => step.name === name);
  if (found !== undefined) return found;
  const names = steps.map((step) => step.name).join(', ');
  throw new SsmError('InvalidPluginName', `The command's steps are ${names}; one of them has to be named.`);
}

export function listCommands(runCommand: RunCommand, request: RequestOf<'ListCommands'>): Wire {
  const { page, more } = pageOf(selected(runCommand, request), request);
  return { Commands: page.map(commandWire), ...more };
}

export function listCommandInvocations(runCommand: RunCommand, request: RequestOf<'ListCommandInvocations'>): Wire {
  const found = selected(runCommand, request).flatMap((command) =>
    command.invocations
      .filter(({ host }) => [undefined, host.instanceId].includes(request.InstanceId))
      .map((invocation) => ({ command, invocation })),
  );
  const { page, more } = pageOf(found, request);
  return {
    CommandInvocations: page.map((one) => invocationWire(one.command, one.invocation, request.Details)),
    ...more,
  };
}

function selected(runCommand: RunCommand, { CommandId, InstanceId, Filters }: RequestOf<'ListCommands'>): Command[] {
  const isOn = ({ host }: Invocation) => [undefined, host.instanceId].includes(InstanceId);
  return runCommand.commands
    .filter(({ id }) => [undefined, id].includes(CommandId))
    .filter(({ invocations }) => invocations.some(isOn))
    .filter((command) => Filters.every((filter) => isMatch(command, filter)));
}

function isMatch(command: Command, { key, value }: RequestOf<'ListCommands'>['Filters'][number]): boolean {
  const requestedMs = command.invocations[0]!.requestedAt * 1000;
  if (key === 'InvokedAfter') return requestedMs > Date.parse(value);
  if (key === 'InvokedBefore') return requestedMs < Date.parse(value);
  return (key === 'Status' ? outcomeOf(command).status : command.request.DocumentName) === value;
}

function invocationWire({ id, request }: Command, { host, ...of }: Invocation, details: boolean): Wire {
  return {
    CommandId: id,
    InstanceId: host.instanceId,
    InstanceName: host.tags.Name ?? '',
    Comment: request.Comment,
    DocumentName: request.DocumentName,
    DocumentVersion: request.DocumentVersion,
    RequestedDateTime: of.requestedAt,
    Status: of.outcome.status,
    StatusDetails: of.outcome.details,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? of.steps.map(pluginWire) : [],
  };
}

function pluginWire({ name, outcome, responseCode, startedAt, endedAt, stdout, stderr }: StepRecord): Wire {
  return {
    Name: name,
    Status: outcome.status,
    StatusDetails: outcome.details,
    ResponseCode: responseCode,
    ...(startedAt !== null && { ResponseStartDateTime: startedAt }),
    ...(endedAt !== null && { ResponseFinishDateTime: endedAt }),
    Output: summary(stdout, stderr),
    StandardOutputUrl: '',
    StandardErrorUrl: '',
  };
}

function iso(seconds: number | null): string {
  return seconds === null ? '' : new Date(seconds * 1000).toISOString();
}

/** ISO 8601; empty, as the times, for what has not begun. */
function duration({ startedAt, endedAt }: StepRecord): string {
  return startedAt === null || endedAt === null ? '' : `PT${(endedAt - startedAt).toFixed(3)}S`;
}
