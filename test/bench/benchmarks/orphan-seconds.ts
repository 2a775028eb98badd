import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../infra/local/probe.ts';
import { holdFault, hurryToHold, runOf } from '../../support/e2e-held-run.ts';
import { killEverything } from '../../support/e2e-kill.ts';
import { nothingLeft } from '../../support/e2e-leftovers.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark } from '../benchmark.ts';

const rounds = 3;
/** One minute, and the emulator's own tick of 10 s. */
const reaperPeriodMs = 70_000;

/** How long a fault outlives the end of everything that would have reverted it. */
export const orphanSeconds = defineBenchmark({
  ids: {
    'orphan-seconds': {
      unit: 's',
      goal: { at: 'most', value: 60 },
      what: `orchestrator, emulator and fault plane killed in mid-fault and started again: until the service is restored, the slowest of ${rounds}`,
    },
  },
  async run({ signal, progress }) {
    let app = await DeployedApp.deploy({ durable: true });
    try {
      await hurryToHold(app, 'database-failure');
      // A schedule begins with its first period: what is shown is a stack that is older than that.
      await sleep(reaperPeriodMs, undefined, { signal });
      const taken: { restored: number; closed: number }[] = [];
      for (let round = 0; round < rounds; round++) {
        signal.throwIfAborted();
        const runId = `orphan-${round}`;
        await holdFault(app, 'database-failure', runId);
        await killEverything(app);
        app = await app.resumed();
        taken.push(await restored(app, runId));
        progress(`round ${round + 1} of ${rounds}: restored after ${taken.at(-1)!.restored.toFixed(1)} s`);
      }
      return { 'orphan-seconds': { value: Math.max(...taken.map((t) => t.restored)), detail: { rounds: taken } } };
    } finally {
      await app.stack.stop();
    }
  },
});

/** Seconds since everything is up again. @throws when the run is not closed as ABORTED */
async function restored(app: DeployedApp, runId: string): Promise<{ restored: number; closed: number }> {
  const upAt = Date.now();
  const since = () => (Date.now() - upAt) / 1000;
  const counts = await app.counts('database');
  if (counts.desired !== 0) throw new Error(`the fault did not outlive its orchestrator: ${JSON.stringify(counts)}`);
  await eventually('the service is restored', async () => (await app.counts('database')).running === 1, 120);
  const restored = since();
  await nothingLeft(app, runId, 120);
  const { verdict } = (await runOf(app, runId))!;
  if (verdict !== 'ABORTED') throw new Error(`the run was closed as ${verdict}, not as ABORTED`);
  return { restored, closed: since() };
}
