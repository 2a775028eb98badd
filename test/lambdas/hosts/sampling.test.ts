import { HostOffline } from '../../../lambdas/hosts/host-errors.ts';
import type { CommandEnd, DocumentParameters, Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import { recordedCommands } from '../../../lambdas/hosts/recorded-commands.ts';
import { startSampling, stopSampling } from '../../../lambdas/hosts/sampling.ts';
import { longestSeconds } from '../../../lambdas/runs/run.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aHost, hostTarget } from '../support/hosts.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

const form = async (prefix: string, seconds: number) => `form for ${prefix} and ${seconds} s`;
const well: CommandEnd = { isOver: true, status: 'Success', words: '20 samples' };

async function aRunOn(target = hostTarget, hosts = [aHost(1), aHost(2)]) {
  const run = aRun({ target, hosts });
  await store.runs.create(run);
  const clock = fakeClock(start);
  const sent: { document: string; instanceId: string; parameters: DocumentParameters }[] = [];
  const world = {
    sent,
    end: well as CommandEnd | null,
    offline: '',
  };
  const send = async (document: string, instanceId: string, parameters: DocumentParameters) => {
    if (instanceId === world.offline) throw new HostOffline({ document, instanceId }, 'no answer');
    sent.push({ document, instanceId, parameters });
    return '';
  };
  const client = { start: send, run: send, latest: async () => world.end } as unknown as Hosts;
  const context = await contextOf(store, run, { clock, target, hosts: client });
  const problems = async () => (await store.runs.events(run.runId)).filter((e) => e.type === 'host-sampling');
  return { run, clock, world, context, problems };
}

test('every host samples itself for the longest that the run can take, and uploads below its own prefix', async () => {
  const { run, world, context } = await aRunOn();
  await startSampling(context, form);
  const seconds = longestSeconds(run.seconds);
  expect(world.sent).toEqual(
    run.hosts.map(({ instanceId }) => ({
      document: 'Faultline-Sampler',
      instanceId,
      parameters: {
        RunId: run.runId,
        Seconds: String(seconds),
        Process: 'shop-app',
        Upload: `form for runs/${run.runId}/hosts/${instanceId}/ and ${seconds + 40} s`,
        ExecutionSeconds: String(seconds + 40),
      },
    })),
  );
  await startSampling(context, form);
  expect(world.sent).toHaveLength(2);
});

test('a target without managed hosts has none that sample', async () => {
  const { world, context } = await aRunOn(aTarget(), []);
  await startSampling(context, form);
  await stopSampling(context);
  expect(world.sent).toEqual([]);
});

test('it is ended by the document, and one that ended well is not worth a word', async () => {
  const { run, world, context, problems } = await aRunOn();
  await startSampling(context, form);
  world.sent.length = 0;
  await stopSampling(context);
  expect(world.sent.map(({ document, parameters }) => [document, parameters.RunId, parameters.Fault])).toEqual([
    ['Faultline-Revert', run.runId, 'sampler'],
    ['Faultline-Revert', run.runId, 'sampler'],
  ]);
  expect(await problems()).toEqual([]);
  await stopSampling(context);
  expect(world.sent).toHaveLength(2);
});

test.each<[string, CommandEnd | null, RegExp]>([
  ['failed', { isOver: true, status: 'Failed', words: 'python3 is missing' }, /ended Failed: python3 is missing/],
  ['is unknown', null, /SSM does not say how Faultline-Sampler ended: no such command/],
  ['was cut off', { isOver: false, status: 'InProgress', words: '' }, /does not say how .* ended: InProgress/],
])('a sampler that %s is told of, and no error of the run', async (_what, end, problem) => {
  const { world, context, problems } = await aRunOn(hostTarget, [aHost(1)]);
  await startSampling(context, form);
  world.end = end;
  await stopSampling(context);
  expect((await problems()).map((e) => e.detail)).toEqual([{ host: 'app-1', problem: expect.stringMatching(problem) }]);
  world.sent.length = 0;
  await stopSampling(context);
  expect(world.sent).toHaveLength(1);
});

test('a host that cannot be reached is told of, and the others sample themselves', async () => {
  const { world, context, problems } = await aRunOn();
  world.offline = aHost(1).instanceId;
  await startSampling(context, form);
  expect(world.sent.map(({ instanceId }) => instanceId)).toEqual([aHost(2).instanceId]);
  expect((await problems()).map((e) => e.detail)).toEqual([
    { host: 'app-1', problem: expect.stringContaining('did not reach host') },
  ]);
});

describe('on record', () => {
  const call = (DocumentName: string, Parameters: Record<string, string[]>) => ({
    at: start,
    service: 'ssm',
    operation: 'SendCommand',
    parameters: { DocumentName, Parameters },
    requestId: 'r',
    error: null,
  });

  test('is every command but a look at a host, and what a host uploads with is hidden', async () => {
    const recorded: unknown[] = [];
    const record = recordedCommands(async (one) => void recorded.push(one));
    await record(call('Faultline-Status', { RunId: ['r'] }));
    await record(call('Faultline-Revert', { RunId: ['r'] }));
    await record(call('Faultline-Sampler', { RunId: ['r'], Upload: ['c2VjcmV0'] }));
    await record({ ...call('', {}), operation: 'CancelCommand', parameters: { CommandId: 'c' } });
    expect(recorded).toEqual([
      call('Faultline-Revert', { RunId: ['r'] }),
      call('Faultline-Sampler', { RunId: ['r'], Upload: ['(hidden)'] }),
      { ...call('', {}), operation: 'CancelCommand', parameters: { CommandId: 'c' } },
    ]);
  });
});
