import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostCommandFailed, HostOffline } from '../../../lambdas/hosts/host-errors.ts';
import { Hosts } from '../../../lambdas/hosts/hosts.client.ts';
import { Endpoint } from '../../infra/local/ssm/endpoint.fixture.ts';
import { fastClock, LocalHost } from '../../infra/local/ssm/local-host.fixture.ts';

/** So many seconds of a command go by in one. */
const factor = 40;
const optIn = { 'faultline:opt-in': 'true' };

/** Runs what it is given, as no document of ours does. */
const shell = {
  name: 'Test-Shell',
  content: {
    schemaVersion: '2.2',
    parameters: {
      RunId: { type: 'String', default: '' },
      Script: { type: 'String', interpolationType: 'ENV_VAR' },
      Limit: { type: 'String', default: '60' },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'runScript',
        inputs: { timeoutSeconds: '{{ Limit }}', runCommand: ['eval "$SSM_Script"'] },
      },
    ],
  },
};

const endpoint = new Endpoint();
const clock = fastClock(factor);
let hosts: LocalHost[];
let app: LocalHost;
let client: Hosts;

beforeAll(async () => {
  await endpoint.start([shell], () => hosts, factor);
  client = new Hosts(endpoint.client(), clock);
}, 30_000);
beforeEach(() => {
  app = new LocalHost('i-0a00000000000000a', { target: 'shop', ...optIn });
  hosts = [app, new LocalHost('i-0b00000000000000b', { target: 'shop' }), new LocalHost('i-0c00000000000000c', optIn)];
});
afterEach(() => {
  for (const host of hosts) host.remove();
});
afterAll(() => endpoint.stop());

const run = (Script: string, more: Record<string, string> = {}, executionSeconds = 60) =>
  client.run('Test-Shell', app.instanceId, { Script, ...more }, { executionSeconds });

describe('the hosts of a target', () => {
  test('are found by its tag, with whether they opted in and answer', async () => {
    hosts[1]!.isOnline = false;
    const found = await client.find({ key: 'target', value: 'shop' });
    const common = { name: 'app', address: '198.18.1.9', platform: 'Linux', agentVersion: expect.any(String) };
    expect(found).toEqual([
      { ...common, instanceId: 'i-0a00000000000000a', online: true, optedIn: true },
      { ...common, instanceId: 'i-0b00000000000000b', online: false, optedIn: false },
    ]);
    expect(await client.find({ key: 'target', value: 'other' })).toEqual([]);
  });

  test('are known until they are terminated', async () => {
    expect(await client.isKnown(app.instanceId)).toBe(true);
    hosts[0]!.remove();
    hosts = hosts.slice(1);
    expect(await client.isKnown('i-0a00000000000000a')).toBe(false);
  });
});

describe('a command', () => {
  test('is over when the host has ended it, with what it printed', async () => {
    expect(await run('sleep 0.2; echo done; echo aside >&2')).toEqual({
      stdout: 'done\n',
      stderr: 'aside\n',
      exitCode: 0,
    });
  });

  test("that failed tells the host's own last words and its exit status", async () => {
    const failed = run('echo begun; echo "another run has this host" >&2; exit 65');
    await expect(failed).rejects.toThrow(HostCommandFailed);
    await expect(failed).rejects.toThrow(
      'Test-Shell on host i-0a00000000000000a ended Failed, exit status 65: another run has this host',
    );
    await expect(failed).rejects.toMatchObject({ exitCode: 65 });
    await expect(run('echo only here; exit 1')).rejects.toThrow('exit status 1: only here');
    await expect(run('exit 1')).rejects.toThrow('exit status 1: it said nothing');
  });

  test('that takes too long is ended by SSM, and has failed', async () => {
    await expect(run('sleep 30', { Limit: '5' }, 5)).rejects.toThrow(/ended ExecutionTimedOut/);
  });

  test('that nobody ends is cancelled', async () => {
    const begun = Date.now();
    await expect(run('echo > began; sleep 30', { Limit: '3600' }, 5)).rejects.toThrow(HostCommandFailed);
    expect(existsSync(join(app.folder, 'began'))).toBe(true);
    expect((Date.now() - begun) / 1000).toBeLessThan(60 / factor + 2);
    await sleep(200);
    expect(await client.living('Test-Shell')).toEqual([]);
  });

  test('to a host that is offline is given up in time, and nothing arrives later', async () => {
    app.isOnline = false;
    const begun = clock.now();
    const lost = run('echo > arrived');
    await expect(lost).rejects.toThrow(HostOffline);
    await expect(lost).rejects.toThrow(/did not reach host i-0a00000000000000a/);
    expect(clock.now() - begun).toBeLessThan(60);
    app.isOnline = true;
    await sleep(2000);
    expect(existsSync(join(app.folder, 'arrived'))).toBe(false);
  });

  test('to a host that SSM does not know is refused at once', async () => {
    const lost = client.run('Test-Shell', 'i-0ffffffffffffffff', { Script: 'true' }, { executionSeconds: 5 });
    await expect(lost).rejects.toThrow(HostOffline);
  });
});

describe('a command that is left to itself', () => {
  test('is among the living until it ends or is ended, with its run', async () => {
    const commandId = await client.start('Test-Shell', app.instanceId, { RunId: 'run-1', Script: 'sleep 30' });
    expect(await client.living('Test-Shell')).toEqual([{ commandId, runId: 'run-1' }]);
    expect(await client.latest('Test-Shell', app.instanceId, 'run-1')).toMatchObject({ isOver: false });
    await client.cancel(commandId);
    await sleep(300);
    expect(await client.living('Test-Shell')).toEqual([]);
  });

  test('tells how it ended, to who asks for its run', async () => {
    await client.start('Test-Shell', app.instanceId, { RunId: 'run-2', Script: 'echo first; exit 3' });
    await sleep(300);
    await client.start('Test-Shell', app.instanceId, { RunId: 'run-3', Script: 'echo other' });
    await sleep(300);
    expect(await client.latest('Test-Shell', app.instanceId, 'run-2')).toEqual({
      isOver: true,
      status: 'Failed',
      words: expect.stringContaining('first'),
    });
    expect(await client.latest('Test-Shell', app.instanceId, 'run-3')).toMatchObject({ status: 'Success' });
    expect(await client.latest('Test-Shell', app.instanceId, 'run-4')).toBeNull();
  });
});
