import {
  DescribeExecutionCommand,
  type ExecutionListItem,
  paginateListExecutions,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import type { takeOverInput } from '../../../lambdas/safety/take-over.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';

/** One execution of the clean-up machine. */
export interface CleanUpRun {
  executionArn: string;
  isRunning: boolean;
  runId: string;
  /** Nobody but the reaper had noticed that the run was left. */
  byReaper: boolean;
}

/** Finds the clean-ups of a run, whoever started them. */
export class CleanUpRuns {
  private readonly sfn: SFNClient;
  private readonly machineArn: string;
  private readonly inputs = new Map<string, { runId: string; status: string }>();

  constructor(app: Pick<DeployedApp, 'sfn'>, machineArn: string) {
    this.sfn = app.sfn;
    this.machineArn = machineArn;
  }

  async of(runId: string): Promise<CleanUpRun[]> {
    const found: CleanUpRun[] = [];
    const pages = paginateListExecutions({ client: this.sfn }, { stateMachineArn: this.machineArn, maxResults: 1000 });
    for await (const { executions } of pages) {
      for (const execution of executions!) {
        const input = await this.inputOf(execution);
        if (input.runId !== runId) continue;
        found.push({
          executionArn: execution.executionArn!,
          isRunning: execution.status === 'RUNNING',
          runId,
          byReaper: input.status === ('ORPHANED' satisfies Status),
        });
      }
    }
    return found;
  }

  /** A list of executions does not tell their inputs. */
  private async inputOf({ executionArn }: ExecutionListItem): Promise<{ runId: string; status: string }> {
    const known = this.inputs.get(executionArn!);
    if (known) return known;
    const { input } = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const parsed = JSON.parse(input!);
    this.inputs.set(executionArn!, parsed);
    return parsed;
  }
}

type Status = ReturnType<typeof takeOverInput.parse>['status'];
