import { ApiRefused } from '../../../lambdas/operator/signed-requests.client.ts';
import { holdFault, hurryToHold } from '../../support/e2e-held-run.ts';
import { nothingLeft } from '../../support/e2e-leftovers.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { defineBenchmark } from '../benchmark.ts';
import { goneAt } from '../gone-at.ts';

const rounds = 5;
const inFlight = [
  { target: 'sample', scenario: 'database-failure' },
  { target: 'second', scenario: 'cache-failure' },
] as const;

/** How long the faults of all runs outlive the pull of the safety lever. */
export const leverSeconds = defineBenchmark({
  ids: {
    'lever-seconds': {
      unit: 's',
      goal: { at: 'most', value: 6 },
      what: `safety lever pulled until the faults on two targets are proven gone, the slowest of ${rounds} rounds; a start is refused meanwhile`,
    },
  },
  async run({ signal, progress }) {
    const app = await DeployedApp.deploy({ targets: inFlight.map(({ target }) => target) });
    try {
      for (const { scenario } of inFlight) await hurryToHold(app, scenario);
      const taken: number[][] = [];
      for (let round = 0; round < rounds; round++) {
        signal.throwIfAborted();
        taken.push(await pull(app, round));
        progress(
          `round ${round + 1} of ${rounds}: gone after ${taken
            .at(-1)!
            .map((s) => s.toFixed(2))
            .join(' and ')} s`,
        );
      }
      return {
        'lever-seconds': { value: Math.max(...taken.flat()), detail: { rounds: taken, startsRefused: rounds } },
      };
    } finally {
      await app.stack.stop();
    }
  },
});

/** Seconds until gone, by run. @throws when a start is not refused while the lever is pulled */
async function pull(app: DeployedApp, round: number): Promise<number[]> {
  const { api } = app.operator;
  const runs = inFlight.map((run) => ({ ...run, runId: `lever-${round}-${run.target}` }));
  await Promise.all(runs.map(({ scenario, runId, target }) => holdFault(app, scenario, runId, target)));
  const pulled = Date.now() / 1000;
  await api.moveLever(true, 'measuring how long it takes');
  await assertRefused(api.start({ target: 'sample', scenarios: ['control'], profile: 'quick' }));
  const gone = await Promise.all(runs.map(({ runId }) => goneAt(app, runId)));
  for (const { runId, target } of runs) await nothingLeft(app, runId, 90, target);
  await api.moveLever(false, 'measured');
  return gone.map((at) => at - pulled);
}

async function assertRefused(start: Promise<unknown>): Promise<void> {
  const error = await start.then(
    () => new Error('a start was accepted while the safety lever was pulled'),
    (refusal: Error) => refusal,
  );
  if (!(error instanceof ApiRefused && error.status === 423)) throw error;
}
