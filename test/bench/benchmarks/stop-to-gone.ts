import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import type { ScenarioId } from '../../../lambdas/scenarios/scenario.ts';
import { holdFault, hurryToHold } from '../../support/e2e-held-run.ts';
import { nothingLeft } from '../../support/e2e-leftovers.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark } from '../benchmark.ts';
import { goneAt } from '../gone-at.ts';

const stops = 20;
/** Each with the seconds for which its fault would be held. */
const scenarios = availableScenarios.filter(({ fault }) => fault !== null);
/** After these shares of them the stop comes: whatever is left of the fault. */
const heldShares = [0, 0.3, 0.75];

/** How long a fault outlives the request to stop, sent as a person sends it: signed, to the API. */
export const stopToGone = defineBenchmark({
  ids: {
    'stop-to-gone': {
      unit: 's',
      goal: { at: 'most', value: 5 },
      what: `request to stop until the fault is proven gone, the slowest of ${stops} stops of all scenarios`,
    },
  },
  async run({ signal, progress }) {
    const app = await DeployedApp.deploy({ appOn: 'host' });
    try {
      for (const { id } of scenarios) await hurryToHold(app, id);
      const taken: { scenario: ScenarioId; heldSeconds: number; seconds: number }[] = [];
      for (let i = 0; i < stops; i++) {
        signal.throwIfAborted();
        const { id: scenario, seconds: planned } = scenarios[i % scenarios.length]!;
        const held = Math.round(planned.quick.fault * heldShares[Math.floor(i / scenarios.length)]!);
        const seconds = await stopAfter(app, scenario, `stop-${i}`, held);
        taken.push({ scenario, heldSeconds: held, seconds });
        progress(`stop ${i + 1} of ${stops}: ${scenario}, held for ${held} s, gone after ${seconds.toFixed(2)} s`);
      }
      const seconds = taken.map((t) => t.seconds).sort((a, b) => a - b);
      const median = (seconds[stops / 2 - 1]! + seconds[stops / 2]!) / 2;
      return { 'stop-to-gone': { value: seconds.at(-1)!, detail: { stops, median, taken } } };
    } finally {
      await app.stack.stop();
    }
  },
});

async function stopAfter(app: DeployedApp, scenario: ScenarioId, runId: string, held: number): Promise<number> {
  await holdFault(app, scenario, runId);
  await new Promise((resolve) => setTimeout(resolve, held * 1000));
  const asked = Date.now() / 1000;
  await app.operator.api.stop(runId, 'measuring how long it takes');
  const seconds = (await goneAt(app, runId)) - asked;
  await nothingLeft(app, runId, 90);
  return seconds;
}
