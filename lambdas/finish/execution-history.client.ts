import { paginateGetExecutionHistory, type SFNClient } from '@aws-sdk/client-sfn';
import type { Run } from '../runs/run.ts';

/** What the state machine did with a run, or why that cannot be told. */
export type ExecutionHistory = { executionArn: string } & ({ events: unknown[] } | { unavailable: string });

/** Of a run's execution, which has the run's id as its name, until now. @param executions ARN up to the scenario's id */
export async function executionHistory(
  sfn: SFNClient,
  executions: string,
  { runId, scenario }: Pick<Run, 'runId' | 'scenario'>,
): Promise<ExecutionHistory> {
  const executionArn = `${executions}${scenario}:${runId}`;
  const events: unknown[] = [];
  try {
    const pages = paginateGetExecutionHistory({ client: sfn }, { executionArn, maxResults: 1000 });
    for await (const page of pages) events.push(...(page.events ?? []));
    return { executionArn, events };
  } catch (error) {
    // No figure is made of it, so a run is analysed without it as well; that it is not there is kept instead.
    const { name, message } = error as Error;
    return { executionArn, unavailable: `${name}: ${message}` };
  }
}
