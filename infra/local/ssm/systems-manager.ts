import { commandWire, getCommandInvocation, listCommandInvocations, listCommands } from './command-answers.ts';
import { describeDocument, getDocument } from './document-answers.ts';
import { describeInstanceInformation } from './instance-information.ts';
import { type Permission, permissionsFor } from './permissions.ts';
import { type Operation, type RequestOf, readRequest } from './requests.ts';
import { RunCommand, type RunCommandOptions } from './run-command.ts';

type Wire = Record<string, unknown>;

/** A call that is answered once it is known that its caller may make it. */
export interface SsmCall {
  /** All of them are wanted. */
  permissions: Permission[];
  /** @throws SsmError */
  answer(): Wire;
}

/** The part of Systems Manager that deals with managed hosts: Run Command, its documents, the list of the hosts. */
export class SystemsManager {
  private readonly options: RunCommandOptions;
  private readonly operations: { [O in Operation]: (request: RequestOf<O>) => Wire };

  constructor(options: RunCommandOptions) {
    const runCommand = new RunCommand(options);
    const { documents, hosts, account } = options;
    this.options = options;
    this.operations = {
      SendCommand: (request) => ({ Command: commandWire(runCommand.send(request)) }),
      CancelCommand({ CommandId, InstanceIds }) {
        runCommand.cancel(CommandId, InstanceIds);
        return {};
      },
      GetCommandInvocation: (request) => getCommandInvocation(runCommand, request),
      ListCommands: (request) => listCommands(runCommand, request),
      ListCommandInvocations: (request) => listCommandInvocations(runCommand, request),
      DescribeInstanceInformation: (request) => describeInstanceInformation(hosts(), request),
      GetDocument: (request) => getDocument(documents, request),
      DescribeDocument: (request) => describeDocument(documents, request, account),
    };
  }

  /** @throws SsmError ValidationException, SerializationException */
  call<O extends Operation>(operation: O, body: string): SsmCall {
    const request = readRequest(operation, body);
    return {
      permissions: permissionsFor(operation, request, this.options.hosts(), this.options),
      answer: () => this.operations[operation](request),
    };
  }
}
