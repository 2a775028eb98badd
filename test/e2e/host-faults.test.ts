import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { systemClock } from '../../lambdas/aws/clock.ts';
import { readStatus } from '../../lambdas/hosts/host-status.ts';
import { Hosts } from '../../lambdas/hosts/hosts.client.ts';
import { goneAt } from '../bench/gone-at.ts';
import { loadStandIn } from '../bench/state-cases/load-stand-in.ts';
import { guestTest, unavailable } from '../infra/local/host/guest-test.ts';
import { holdFault, hurryToHold, runOf } from '../support/e2e-held-run.ts';
import { nothingLeft } from '../support/e2e-leftovers.ts';
import { DeployedApp } from '../support/e2e-stack.ts';

/** Faults on a managed host, on the deployed machines with their rights, judged by the host's own account. */
const held = ['network-latency', 'memory-pressure', 'cpu-saturation'] as const;

let app: DeployedApp;

beforeAll(async () => {
  if (unavailable !== null) return;
  app = await DeployedApp.deploy({ appOn: 'host', images: loadStandIn });
  for (const scenario of [...held, 'application-crash'] as const) await hurryToHold(app, scenario);
}, 200_000);
afterAll(() => app?.stack.stop(), 30_000);

async function activeFaults(runId: string): Promise<string[]> {
  const { hosts, target } = (await runOf(app, runId))!;
  const client = new Hosts(new SSMClient(app.root), systemClock);
  const { faults } = await readStatus(client, hosts[0]!.instanceId, { runId, process: target.hosts!.process });
  return faults.filter((f) => f.runId === runId && f.state === 'active').map(({ fault }) => fault);
}

async function detailOf(runId: string, type: string): Promise<Record<string, unknown> | undefined> {
  return (await app.items(`run#${runId}`)).find(({ data }) => data.type === type)?.data.detail as never;
}

guestTest.each(held)(
  '%s is in force while it is held, and gone soon after a person stops the run',
  async (scenario) => {
    const runId = `stopped-${scenario}`;
    await holdFault(app, scenario, runId);
    expect(await activeFaults(runId)).toEqual([scenario]);
    const asked = Date.now() / 1000;
    await app.operator.api.stop(runId, 'enough');
    const seconds = (await goneAt(app, runId)) - asked;
    process.stdout.write(
      `${scenario}: gone ${seconds.toFixed(1)} s after the stop; ${(await detailOf(runId, 'fault-landed'))?.proof}\n`,
    );
    expect(seconds).toBeLessThan(30);
    await nothingLeft(app, runId, 100);
    expect((await runOf(app, runId))?.verdict).toBe('ABORTED');
    expect(await detailOf(runId, 'host-sampling')).toBeUndefined();
    expect(await app.evidence(`runs/${runId}/hosts/`)).not.toEqual([]);
  },
  240_000,
);

guestTest(
  'an execution that is stopped from outside leaves nothing on the host',
  async () => {
    const runId = 'stopped-from-outside';
    const executionArn = await holdFault(app, 'memory-pressure', runId);
    await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'by hand' }));
    await nothingLeft(app, runId, 150);
    expect((await runOf(app, runId))?.verdict).toBe('ABORTED');
  },
  240_000,
);

guestTest(
  'a crash has another process in the end, and its run an end of its own',
  async () => {
    const runId = 'crashed';
    const executionArn = await app.startRun('application-crash', runId);
    await app.executionEnd(executionArn);
    await nothingLeft(app, runId, 60);
    const pids = [...String((await detailOf(runId, 'fault-gone'))?.proof).matchAll(/PID (\d+)/g)].map(
      (match) => match[1],
    );
    expect(new Set(pids).size).toBe(2);
  },
  240_000,
);

guestTest(
  'a host that goes off in the middle of a fault comes back without it, and its target is free again',
  async () => {
    const runId = 'power-cut';
    const executionArn = await holdFault(app, 'cpu-saturation', runId);
    await app.rebootHosts();
    expect(await activeFaults(runId)).toEqual([]);
    await app.sfn.send(new StopExecutionCommand({ executionArn, cause: 'the host was off' }));
    await nothingLeft(app, runId, 400);
    expect(await detailOf(runId, 'fault-gone')).toMatchObject({ proof: expect.stringContaining('CPU idle') });
  },
  500_000,
);
