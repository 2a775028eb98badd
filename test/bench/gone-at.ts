import { eventually } from '../infra/local/probe.ts';
import type { DeployedApp } from '../support/e2e-stack.ts';

/** Waits until a run's fault is proven gone. Returns when that was measured, in epoch seconds. */
export function goneAt(app: DeployedApp, runId: string): Promise<number> {
  return eventually(
    `the fault of ${runId} is proven gone`,
    async () => {
      const events = (await app.items(`run#${runId}`)).filter(({ sk }) => sk.startsWith('event#'));
      return events.find(({ data }) => data.type === 'fault-gone')?.data.at as number | undefined;
    },
    120,
  );
}
