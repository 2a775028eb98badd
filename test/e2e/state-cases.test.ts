import { type StateCases, stateCases } from '../bench/state-cases/driver.ts';
import { loadProcesses, loadStandIn } from '../bench/state-cases/load-stand-in.ts';
import type { Outcome } from '../bench/state-cases/outcome.ts';
import { DeployedApp } from '../support/e2e-stack.ts';

/** A few of the states that `npm run bench -- state-cases` makes to fail, on the real machines and Lambdas. */
const chosen = [
  'faultline-cache-failure: Experiment[0]/Guard[0]/Inject: error',
  'faultline-database-failure: Experiment[0]/Guard[0]/Inject: time-out',
  'faultline-database-failure: Experiment[0]/Guard[0]/Watch fault: error',
  'faultline-cache-failure: Experiment[0]/Guard[0]/Revert: error',
  'faultline-cache-failure: Experiment[1]/Observe, lane 0: error',
  'faultline-database-failure: Ensure gone: time-out',
  'faultline-cache-failure: Ensure load stopped: what next?: error',
  'faultline-slow-query: Experiment[0]/Guard[0]/Watch fault: error',
  'faultline-slow-query: Experiment[0]/Guard[0]/Revert: error',
  'faultline-control: Release: error',
];
const targets = ['sample', 'second', 'third', 'fourth'];

let app: DeployedApp;
let driver: StateCases;
let outcomes: Outcome[];
let mostLoad = 0;

beforeAll(async () => {
  app = await DeployedApp.deploy({ targets, images: loadStandIn });
  driver = await stateCases(app);
  const look = setInterval(() => {
    mostLoad = Math.max(mostLoad, loadProcesses().length);
  }, 500);
  try {
    const cases = chosen.map((id) => driver.all.find((c) => c.id === id)!);
    outcomes = await driver.run(cases, { targets });
  } finally {
    clearInterval(look);
  }
}, 500_000);
afterAll(() => app?.stack.stop(), 30_000);

test.each(chosen)('%s leaves nothing, and no reaper has to come', (id) => {
  expect(outcomes.find((o) => o.id === id)).toMatchObject({ left: [], reaped: false });
});

test('in the end nothing is left of any, also not of the load that there was', async () => {
  expect(mostLoad).toBeGreaterThanOrEqual(3);
  expect(await driver.leftOfAll()).toEqual([]);
});
