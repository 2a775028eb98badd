import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { eventually } from '../../infra/local/probe.ts';
import type { DeployedApp } from '../../support/e2e-stack.ts';
import { historyOf } from './machine-under-test.ts';

const hangsWithinSeconds = 90;
/** A whole history is much to read. */
const lookEveryMs = 500;

/** Waits until an execution has come to the state that nobody answers. @throws when it ends before, or not in time */
export async function hanging(app: DeployedApp, executionArn: string, nobody: string): Promise<void> {
  await eventually(
    `${executionArn} comes to the state that hangs`,
    async () => {
      const history = await historyOf(app, executionArn);
      const failure = history.find((e) => e.executionFailedEventDetails)?.executionFailedEventDetails;
      if (failure) throw new Error(`${executionArn} failed before: ${failure.error}, ${failure.cause}`);
      return history.some((e) => e.taskScheduledEventDetails?.resource === nobody);
    },
    hangsWithinSeconds,
    lookEveryMs,
  );
}

/** Ends an execution from outside. */
export async function stopped(app: DeployedApp, executionArn: string): Promise<void> {
  await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'a state of it hangs' }));
}
