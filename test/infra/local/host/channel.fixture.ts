/**
 * Boots a host within a sandbox, without a fault plane, and prints as JSON how its channel behaves.
 * usage: channel.fixture.ts <folder> <stage> <repository>
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CompleteHostSpec, hostSpecSchema } from '../../../../infra/local/host/host-spec.ts';
import { type HostPlace, ManagedHost } from '../../../../infra/local/host/managed-host.ts';
import { Processors } from '../../../../infra/local/host/processors.ts';

const [folder = '', stage = '', repository = ''] = process.argv.slice(2);
const spec: CompleteHostSpec = hostSpecSchema.parse({
  name: 'other',
  instanceId: 'i-00000000000000001',
  tags: {},
  memoryMb: 256,
  swapMb: 0,
  program: { environment: {} },
});
const place = (name: string, changes: Partial<HostPlace> = {}): HostPlace => ({
  stage,
  repository,
  node: process.execPath,
  folder: join(folder, name),
  address: '198.19.255.1',
  processor: new Processors().take(),
  networkNamespace: name,
  platform: { name: '', version: '' },
  now: () => Date.now(),
  onLine: () => {},
  ...changes,
});

let commands = 0;
const start = (host: ManagedHost, script: string, environment = {}, workingDirectory = '/') =>
  host.start({
    id: `command-${++commands}`,
    script,
    environment: { PATH: '/usr/bin:/bin', ...environment },
    workingDirectory,
  });

/** How a command ends that is killed once it has printed something and had a second for it. */
async function killed(host: ManagedHost, script: string) {
  const command = await start(host, script);
  await sleep(1_000);
  const began = Date.now();
  await command.kill();
  const { code } = await command.done;
  return { code, seconds: (Date.now() - began) / 1000 };
}

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: Error) => error.message,
  );

const empty = join(folder, 'empty');
mkdirSync(empty, { recursive: true });
const host = await ManagedHost.start(spec, place('other'));

const odd = 'a "quoted" $HOME\n`id` \\ line';
const particulars = await (await start(host, 'printf %s "$ODD"; pwd >&2; exit 3', { ODD: odd }, '/usr/share')).done;
const [obedient, stubborn] = await Promise.all([
  killed(host, 'sleep 61 & wait'),
  killed(host, "trap '' TERM; sleep 62 & while :; do wait; sleep 0.2; done"),
  killed(host, `bash -c "trap '' TERM; exec sleep 63" & wait`),
]);
await sleep(500);
const left = (await (await start(host, "pgrep -f '^sleep 6[123]$'; true")).done).stdout;
const unusable = await reasonOf(start(host, 'true', {}, '/nowhere'));
const running = await start(host, 'echo begun; sleep 60');
await sleep(1_000);
await host.stop();
const cutOff = (await running.done).code;
const afterwards = { online: host.online(), reason: await reasonOf(start(host, 'true')) };
const broken = await reasonOf(ManagedHost.start(spec, place('broken', { stage: empty })));
console.log(
  JSON.stringify({
    odd: particulars.stdout === odd,
    directory: particulars.stderr,
    code: particulars.code,
    obedient,
    stubborn,
    left,
    unusable,
    cutOff,
    afterwards,
    broken,
  }),
);
