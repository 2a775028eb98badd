import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  paginateGetExecutionHistory,
  type SFNClient,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import pLimit from 'p-limit';
import { eventually } from '../../infra/local/probe.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import type { Definition } from './definition.ts';

const beginsWithinSeconds = 30;

/** A deployed state machine whose executions can each have a definition of their own. */
export class MachineUnderTest {
  readonly name: string;
  readonly arn: string;
  /** Name of the role that it invokes Lambdas with. */
  readonly role: string;
  /** As it was deployed. */
  readonly definition: Definition;
  /** By which it runs whatever is not under test. */
  usual: Definition;
  private readonly sfn: SFNClient;
  /** A definition is the machine's: the next one has to wait until an execution has read the one before. */
  private readonly oneByOne = pLimit(1);

  private constructor(sfn: SFNClient, name: string, arn: string, roleArn: string, definition: Definition) {
    this.sfn = sfn;
    this.name = name;
    this.arn = arn;
    this.role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
    this.definition = definition;
    this.usual = definition;
  }

  static async of(app: DeployedApp, name: string): Promise<MachineUnderTest> {
    const { sfn } = app;
    const stateMachineArn = app.machineArn(name);
    const { definition, roleArn } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return new MachineUnderTest(sfn, name, stateMachineArn, roleArn!, JSON.parse(definition!));
  }

  /** From now on it runs by this definition whatever is not under test. */
  async becomes(usual: Definition): Promise<void> {
    await this.update(usual);
    this.usual = usual;
  }

  /**
   * Has one execution run by this definition; the machine is as before when it has begun.
   * @param start starts it, or waits for whoever does, and returns its ARN
   */
  startedWith(definition: Definition, start: () => Promise<string>): Promise<string> {
    return this.oneByOne(async () => {
      await this.update(definition);
      try {
        const executionArn = await start();
        await eventually(`${executionArn} begins`, () => this.hasBegun(executionArn), beginsWithinSeconds);
        return executionArn;
      } finally {
        await this.update(this.usual);
      }
    });
  }

  private async update(definition: Definition): Promise<void> {
    const text = JSON.stringify(definition);
    await this.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: this.arn, definition: text }));
  }

  /** The emulator reads the definition a moment after the start; then come the execution's own events. */
  private async hasBegun(executionArn: string): Promise<boolean> {
    const { events } = await this.sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 2 }));
    return events!.length > 1;
  }
}

export async function statusOf(app: DeployedApp, executionArn: string): Promise<ExecutionStatus> {
  const { status } = await app.sfn.send(new DescribeExecutionCommand({ executionArn }));
  return status!;
}

export async function historyOf(app: DeployedApp, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  const pages = paginateGetExecutionHistory({ client: app.sfn }, { executionArn, maxResults: 1000 });
  for await (const page of pages) events.push(...page.events!);
  return events;
}
