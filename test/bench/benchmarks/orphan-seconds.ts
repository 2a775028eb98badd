import { setTimeout as sleep } from 'node:timers/promises';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { holdFault, hurryToHold, runOf } from '../../support/e2e-held-run.ts';
import { killEverything } from '../../support/e2e-kill.ts';
import { nothingLeft } from '../../support/e2e-leftovers.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark } from '../benchmark.ts';
import { goneAt } from '../gone-at.ts';

const scenarios = availableScenarios.filter(({ fault }) => fault !== null).map(({ id }) => id);
/** One minute, and the emulator's own tick of 10 s. */
const reaperPeriodMs = 70_000;

/** Seconds since everything was up again. */
interface Orphan {
  scenario: ScenarioId;
  /** The reaper asked the run to stop. */
  noticed: number;
  /** The fault was proven gone: the service is restored. */
  gone: number;
  /** The run has its end, and nothing of it is left. */
  closed: number;
}

/** How long a fault outlives the end of everything that would have reverted it. */
export const orphanSeconds = defineBenchmark({
  ids: {
    'orphan-seconds': {
      unit: 's',
      goal: { at: 'most', value: 60 },
      what: 'orchestrator, emulator and fault plane killed in mid-fault and started again: until the fault is proven gone, the slowest of all scenarios',
    },
  },
  async run({ signal, progress }) {
    let app = await DeployedApp.deploy({ durable: true, appOn: 'host' });
    try {
      for (const scenario of scenarios) await hurryToHold(app, scenario);
      // A schedule begins with its first period: what is shown is a stack that is older than that.
      await sleep(reaperPeriodMs, undefined, { signal });
      const taken: Orphan[] = [];
      for (const scenario of scenarios) {
        signal.throwIfAborted();
        const runId = `orphan-${scenario}`;
        await holdFault(app, scenario, runId);
        await killEverything(app);
        app = await app.resumed();
        const orphan = await followed(app, scenario, runId);
        taken.push(orphan);
        const [noticed, gone, closed] = [orphan.noticed, orphan.gone, orphan.closed].map((s) => s.toFixed(1));
        progress(`${scenario}: noticed after ${noticed} s, gone after ${gone} s, closed after ${closed} s`);
      }
      return { 'orphan-seconds': { value: Math.max(...taken.map(({ gone }) => gone)), detail: { rounds: taken } } };
    } finally {
      await app.stack.stop();
    }
  },
});

/** @throws when the fault was proven gone before, or the run is not closed as ABORTED by the reaper */
async function followed(app: DeployedApp, scenario: ScenarioId, runId: string): Promise<Orphan> {
  const upAt = Date.now() / 1000;
  const before = await runOf(app, runId);
  if (before?.phase !== 'fault')
    throw new Error(`the run did not outlive its orchestrator in its hold: ${before?.phase}`);
  const gone = await goneAt(app, runId);
  await nothingLeft(app, runId, 120);
  const closed = Date.now() / 1000;
  const { verdict, stopRequested } = (await runOf(app, runId))!;
  if (verdict !== 'ABORTED' || stopRequested?.by !== 'the reaper')
    throw new Error(`the run was closed as ${verdict}, stopped by ${stopRequested?.by}`);
  return { scenario, noticed: stopRequested.at - upAt, gone: gone - upAt, closed: closed - upAt };
}
