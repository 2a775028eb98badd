import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ScenarioId } from '../../lambdas/scenarios/scenario.ts';
import { eventually, isAlive } from '../infra/local/probe.ts';
import { holdFault, hurryToHold, runOf } from '../support/e2e-held-run.ts';
import { killEverything } from '../support/e2e-kill.ts';
import { nothingLeft } from '../support/e2e-leftovers.ts';
import { descendants, processesNaming } from '../support/e2e-processes.ts';
import { DeployedApp } from '../support/e2e-stack.ts';

/** What happens to the target when Faultline itself is what fails, in the middle of a fault. */
let app: DeployedApp;

beforeAll(async () => {
  app = await DeployedApp.deploy({ durable: true });
  for (const scenario of ['database-failure', 'cache-failure'] as const) await hurryToHold(app, scenario);
}, 180_000);
afterAll(() => app?.stack.stop(), 30_000);

async function held(scenario: ScenarioId, runId: string): Promise<string> {
  const execution = await holdFault(app, scenario, runId);
  const service = scenario === 'database-failure' ? 'database' : 'cache';
  expect(await app.counts(service)).toEqual({ desired: 0, running: 0 });
  return execution;
}

/** The record of a run that is over and has left nothing, with its evidence. */
async function overOf(runId: string, seconds = 100) {
  await nothingLeft(app, runId, seconds);
  const { verdict, verdictReason } = (await runOf(app, runId))!;
  const evidence = await app.evidence(`runs/${runId}/`);
  expect(evidence).toEqual(expect.arrayContaining([`runs/${runId}/result.json`, `runs/${runId}/events.jsonl`]));
  return { verdict, reason: verdictReason };
}

const loadProcess = async (role: 'master' | 'worker') => {
  const task = (await app.loadTasks()).find(({ family }) => family === `faultline-load-${role}`);
  return task!.containers[0]!.pid!;
};

test.each(['master', 'worker'] as const)(
  'the %s of Locust is killed',
  async (role) => {
    const runId = `killed-${role}`;
    await held('cache-failure', runId);
    const pid = await loadProcess(role);
    process.kill(pid, 'SIGKILL');
    const { verdict, reason } = await overOf(runId);
    expect(isAlive(pid)).toBe(false);
    // Figures of a broken generator are no figures.
    expect(verdict).toBe('INVALID');
    expect(reason).toMatch(/load|generator|worker|window/i);
  },
  180_000,
);

test('the Lambda that watches the hold is killed, each time that it is started', async () => {
  const runId = 'killed-lambda';
  await held('cache-failure', runId);
  const watching = () =>
    processesNaming('StepsWatch').filter((pid) => descendants(process.pid).some((p) => p.pid === pid));
  for (let kills = 0; kills < 8; kills++) {
    for (const pid of watching()) process.kill(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const { verdict, reason } = await overOf(runId);
  expect(['ERROR', 'INVALID']).toContain(verdict);
  expect(reason).toEqual(expect.any(String));
}, 180_000);

test('its execution is stopped from outside', async () => {
  const runId = 'aborted-execution';
  const executionArn = await held('database-failure', runId);
  await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
  expect(await overOf(runId)).toEqual({
    verdict: 'ABORTED',
    reason: 'Stopped by Step Functions: its execution was stopped from outside.',
  });
}, 180_000);

test('DynamoDB and ECS throttle a third of all calls, the whole time', async () => {
  const runId = 'throttled';
  await app.stack.throttle([
    { service: 'dynamodb', share: 0.33 },
    { service: 'ecs', share: 0.33 },
  ]);
  try {
    await held('cache-failure', runId);
  } finally {
    await app.stack.throttle([]);
  }
  await overOf(runId);
}, 180_000);

test('emulator, orchestrator and fault plane are killed at once, and started again', async () => {
  const runId = 'killed-everything';
  await held('database-failure', runId);
  await killEverything(app);
  app = await app.resumed();
  await eventually('the services are described', async () => (await app.counts('cache')).running === 1, 30);
  expect(await app.counts('database')).toEqual({ desired: 0, running: 0 });

  const { verdict, reason } = await overOf(runId, 150);
  expect(verdict).toBe('ABORTED');
  expect(reason).toMatch(/^Stopped by the reaper: nothing conducted it any more: its lease expired at /);
}, 240_000);
