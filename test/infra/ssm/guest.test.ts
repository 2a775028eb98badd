import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { apiPort, endpointAddress, routerAddress } from '../../../infra/local/addresses.ts';
import { hostSampleSchema } from '../../../lambdas/evidence/host-sample.ts';
import { guestTest, unavailable } from '../local/host/guest-test.ts';
import { epochSeconds } from './bare-host.ts';
import { GuestHost, type Traces } from './guest-host.ts';

jest.setTimeout(180_000);

/** Seconds after its deadline in which a fault is over on a host that nobody reaches. */
const goneWithin = 5;
/** Seconds in which a fault has surely landed here: the machine may be busy with other tests. */
let patience: number;

let host: GuestHost;
/** What is to be seen of faults where there is none. */
let none: Traces;

beforeAll(async () => {
  if (unavailable !== null) return;
  host = await GuestHost.start();
  none = await host.traces();
  const began = Date.now();
  await host.fault('Faultline-CpuSaturation', 'first', 120);
  patience = 4 + Math.ceil((3 * (Date.now() - began)) / 1000);
  await host.tidy();
});
afterEach(() => host?.tidy());
afterAll(() => host?.stack.stop());

describe('network latency', () => {
  const document = 'Faultline-NetworkLatency';

  guestTest('delays what the host sends until it is reverted, and the queueing discipline is what it was', async () => {
    const before = await host.handshakeMs();
    expect(await host.fault(document, 'net-one', 60)).toMatchObject({ code: 0, stderr: '' });
    const rise = (await host.handshakeMs()) - before;
    expect(rise).toBeGreaterThan(450);
    expect(rise).toBeLessThan(550);
    expect(await host.status('net-one')).toMatchObject({
      device: 'eth0',
      delayMs: 500,
      tombstone: false,
      faults: [{ runId: 'net-one', fault: 'network-latency', state: 'active' }],
    });

    for (let times = 0; times < 2; times++) {
      expect(await host.revert('net-one', 'network-latency')).toMatchObject({ code: 0, stderr: '' });
    }
    expect(await host.handshakeMs()).toBeLessThan(100);
    expect(await host.traces()).toEqual(none);
    const after = await host.status('net-one');
    expect(after).toMatchObject({ delayMs: null, tombstone: true, faults: [{ state: 'reverted' }] });

    const late = await host.fault(document, 'net-one', 60);
    expect(late).toMatchObject({ code: 66, stderr: expect.stringContaining('was reverted on this host') });
    expect(await host.traces()).toEqual(none);
  });

  guestTest('begins nothing after its time', async () => {
    const late = await host.fault(document, 'net-late', 60, { NotAfter: String(epochSeconds() - 1) });
    expect(late).toMatchObject({ code: 66, stderr: expect.stringContaining('too late') });
    expect(await host.traces()).toEqual(none);
  });

  guestTest('does it once for a run, and not for another', async () => {
    expect(await host.fault(document, 'net-two', 60, { DelayMs: '200' })).toMatchObject({ code: 0 });
    const own = await host.traces();
    expect(await host.fault(document, 'net-two', 90, { DelayMs: '300' })).toMatchObject({ code: 0 });
    expect(await host.traces()).toEqual(own);
    const other = await host.fault('Faultline-CpuSaturation', 'cpu-other', 60);
    const said = expect.stringMatching(/^network-latency of run net-two is active on this host until \d+\n$/);
    expect(other).toMatchObject({ code: 65, stderr: said });
    expect(await host.traces()).toEqual(own);
  });

  guestTest('spares the metadata service and those with whom the agent speaks', async () => {
    const connection = `exec 3<>/dev/tcp/${endpointAddress}/${apiPort}; read never <&3`;
    await host.stack.exec(['ip', 'address', 'replace', '169.254.169.254/32', 'dev', 'lo']);
    await host.exec(`cp /bin/bash /run/amazon-ssm-agent
      setsid /run/amazon-ssm-agent -c '${connection}' </dev/null >/dev/null 2>&1 & sleep 0.5`);
    expect(await host.fault(document, 'net-spare', 60)).toMatchObject({ code: 0 });
    expect(await connectMs('169.254.169.254')).toBeLessThan(250);
    expect(await connectMs(endpointAddress)).toBeLessThan(250);
    expect(await connectMs(routerAddress)).toBeGreaterThan(450);
    await host.exec('pkill -x amazon-ssm-agen');
  });

  guestTest('refuses a queueing discipline that somebody configured, and leaves it alone', async () => {
    await host.exec('tc qdisc replace dev eth0 root handle 5: pfifo limit 77');
    const refused = await host.fault(document, 'net-own', 60);
    expect(refused).toMatchObject({ code: 78, stderr: expect.stringContaining('pfifo 5:') });
    expect((await host.traces()).qdiscs).toContain('qdisc pfifo 5: root limit 77p');
  });

  guestTest('refuses a device that is not there', async () => {
    const refused = await host.fault(document, 'net-none', 60, { Device: 'eth7' });
    expect(refused).toMatchObject({ code: 68, stderr: 'there is no network device eth7 on this host\n' });
  });

  guestTest('loses packets where it is asked to', async () => {
    await host.fault(document, 'net-loss', 60, { DelayMs: '1', LossPercent: '100' });
    expect(await host.handshakeMs()).toBeGreaterThan(1_900);
    await host.revert('net-loss', 'network-latency');
    expect(await host.handshakeMs()).toBeLessThan(100);
  });
});

describe('cpu saturation', () => {
  const document = 'Faultline-CpuSaturation';

  guestTest('loads the processors, once for a run; a revert ends that, and no stress-ng of somebody else', async () => {
    await host.exec('setsid stress-ng --cpu 1 --cpu-load 1 --timeout 300s </dev/null >/dev/null 2>&1 &');
    let before = await host.traces();
    while (before.stressors.length < 2) before = await host.traces();
    expect(await host.fault(document, 'cpu-one', 60)).toMatchObject({ code: 0, stderr: '' });
    const during = await host.traces();
    expect(await host.idleShare()).toBeLessThan(0.15);
    expect((await host.status()).raw.faults[0]!.pids).toEqual(
      during.stressors.filter((pid) => !before.stressors.includes(pid)),
    );
    const protection = await host.exec(`cat /proc/${during.timers[0]}/oom_score_adj`);
    expect(protection.stdout).toBe('-1000\n');

    expect(await host.fault(document, 'cpu-one', 60)).toMatchObject({ code: 0 });
    expect(await host.traces()).toEqual(during);
    expect(await host.revert('cpu-one', 'cpu-saturation')).toMatchObject({ code: 0 });
    expect(await host.traces()).toEqual(before);
  });

  guestTest('of two runs at once one has the host', async () => {
    const runs = ['cpu-left', 'cpu-right'];
    const outcomes = await Promise.all(runs.map((runId) => host.fault(document, runId, 60)));
    expect(outcomes.map(({ code }) => code).sort()).toEqual([0, 65]);
  });

  guestTest('names a tool that is missing and its package; installs it only where it is asked to', async () => {
    const installed = '/usr/bin/stress-ng';
    await host.exec(`printf '#!/bin/sh\ncase "$*" in *install*stress-ng) umount ${installed};; esac\n' >/run/apt-get
      chmod +x /run/apt-get; mount --bind /run/apt-get /usr/bin/apt-get; mount --bind /dev/null ${installed}`);
    const missing = await host.fault(document, 'cpu-tool', 60);
    expect(missing).toMatchObject({
      code: 69,
      stderr: expect.stringMatching(/^stress-ng is missing .* package stress-ng/),
    });
    expect(await host.fault(document, 'cpu-tool', 60, { Install: 'yes' })).toMatchObject({ code: 0 });
  });

  guestTest('a stress-ng that reports success and does nothing is no fault', async () => {
    await host.exec('mount --bind /bin/true /usr/bin/stress-ng');
    const fake = await host.fault(document, 'cpu-fake', 60);
    expect(fake).toMatchObject({ code: 70, stderr: expect.stringContaining('stress-ng ended') });
    expect(await host.traces()).toEqual(none);
  });
});

describe('memory pressure', () => {
  const document = 'Faultline-MemoryPressure';

  guestTest('takes its share of what is available, and gives it back', async () => {
    const before = (await host.status()).memory.availableKb;
    expect(await host.fault(document, 'mem-one', 60)).toMatchObject({ code: 0, stderr: '' });
    expect((await host.status()).memory.availableKb).toBeLessThan(before / 2);
    expect(await host.revert('mem-one', 'memory-pressure')).toMatchObject({ code: 0 });
    expect((await host.status()).memory.availableKb).toBeGreaterThan(before * 0.9);
  });

  guestTest('when memory runs out the kernel takes stress-ng first, and the timer reverts all the same', async () => {
    const before = await host.status();
    const application = (await host.exec('pgrep -x sample-app')).stdout;
    const deadline = epochSeconds() + 2 * patience;
    expect(await host.fault(document, 'mem-oom', 2 * patience, { Percent: '90' })).toMatchObject({ code: 0 });
    const bytes = Math.round(before.memory.availableKb * 0.5) * 1024;
    const hog = `taken = b"x" * ${bytes}; print(len(taken))`;
    expect(await host.exec(`python3 -c '${hog}'`)).toMatchObject({ code: 0 });
    expect((await host.status()).raw.vmstat.oom_kill).toBeGreaterThan(before.raw.vmstat.oom_kill);
    await goneBy(deadline);
    const after = await host.status('mem-oom');
    expect(after.memory.availableKb).toBeGreaterThan(before.memory.availableKb * 0.9);
    expect(after).toMatchObject({ tombstone: true, faults: [{ state: 'reverted' }] });
    expect((await host.exec('pgrep -x sample-app')).stdout).toBe(application);
  });
});

describe('whatever happens to the command', () => {
  const faults = ['Faultline-NetworkLatency', 'Faultline-MemoryPressure', 'Faultline-CpuSaturation'];

  guestTest.each(faults)('%s: killed, with all who could revert it, it is over at its deadline', async (name) => {
    const deadline = epochSeconds() + patience;
    await host.cancelledFault(name, 'cancelled', patience);
    expect(isChanged(await host.traces())).toBe(true);
    const seen = await host.alone(deadline + goneWithin);
    expect(seen.filter((glance) => glance.isChanged && glance.at < deadline)).not.toEqual([]);
    const late = seen.filter(({ at }) => at > deadline + goneWithin);
    expect(late).not.toEqual([]);
    expect(late.filter((glance) => glance.isChanged)).toEqual([]);
    expect(await host.traces()).toEqual(none);
    expect(await host.status('cancelled')).toMatchObject({ tombstone: true, faults: [{ state: 'reverted' }] });
  });

  guestTest.each(faults)('%s: killed while it begins, it has changed nothing without a timer', async (name) => {
    for (const afterSeconds of [0.2, 0.5, 0.8]) {
      await host.cancelledFault(name, 'cancelled', 60, afterSeconds);
      const traces = await host.traces();
      if (isChanged(traces)) expect(traces.timers).toHaveLength(1);
      expect(await host.revert('cancelled', faultOf(name))).toMatchObject({ code: 0 });
      expect(await host.traces()).toEqual(none);
      await host.tidy();
    }
  });

  guestTest('a clock that is set back does not put the deadline off', async () => {
    const deadline = epochSeconds() + patience;
    expect(await host.fault('Faultline-NetworkLatency', 'net-clock', patience)).toMatchObject({ code: 0 });
    await host.exec('date -s "1 hour ago"');
    await goneBy(deadline);
  });

  guestTest('a fault whose timer somebody ended is reverted by the next that wants the host', async () => {
    const deadline = epochSeconds() + patience;
    expect(await host.fault('Faultline-NetworkLatency', 'net-orphan', patience)).toMatchObject({ code: 0 });
    await host.exec('pkill -KILL -f /timer.sh');
    await sleep((deadline + 1) * 1000 - Date.now());
    expect(isChanged(await host.traces())).toBe(true);
    expect(await host.fault('Faultline-CpuSaturation', 'cpu-after', 60)).toMatchObject({ code: 0 });
    expect((await host.traces()).qdiscs).toBe(none.qdiscs);
  });

  guestTest('a revert that arrives while the fault begins wins', async () => {
    for (const afterMs of [0, 300, 600]) {
      const runId = `net-race-${afterMs}`;
      const begun = host.fault('Faultline-NetworkLatency', runId, 60);
      await sleep(afterMs);
      expect(await host.revert(runId, 'network-latency')).toMatchObject({ code: 0 });
      expect([0, 66]).toContain((await begun).code);
      expect(await host.traces()).toEqual(none);
    }
  });
});

describe('the sampler', () => {
  const bucket = 'samples';
  const prefix = 'runs/sampled/hosts/i-0123456789abcdef0/';

  guestTest('puts what the kernel says into S3 in slices, and the last when it is ended', async () => {
    const s3 = await makeBucket();
    await host.exec(
      'cp "$(command -v sleep)" /run/sample-app; setsid /run/sample-app 300 </dev/null >/dev/null 2>&1 &',
    );
    const parameters = await samplerParameters(s3, 'sampled');
    const sampling = host.run('Faultline-Sampler', parameters);
    await sleep(8_000);
    expect(await host.run('Faultline-Sampler', parameters)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('at work already'),
    });
    expect(await host.revert('sampled', 'sampler')).toMatchObject({ code: 0 });
    expect(await sampling).toMatchObject({ code: 0, stderr: '' });

    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    expect(Contents.map(({ Key }) => Key)).toEqual([`${prefix}1.jsonl`, `${prefix}2.jsonl`]);
    const texts = Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body!.transformToString(),
    );
    const samples = (await Promise.all(texts))
      .join('')
      .trim()
      .split('\n')
      .map((line) => hostSampleSchema.parse(JSON.parse(line)));
    expect(samples.length).toBeGreaterThanOrEqual(8);
    const gaps = samples.slice(1).map(({ at }, index) => at - samples[index]!.at);
    expect(Math.min(...gaps)).toBeGreaterThan(0.2);
    expect(samples[0]).toMatchObject({
      host: 'i-0123456789abcdef0',
      cpu: { busy: null, cores: 1 },
      memory: { swapTotalKb: 0 },
    });
    expect(samples.at(-1)!.process).toMatchObject({ pid: expect.any(Number), startedAt: expect.any(Number) });
    expect(samples.at(-1)!.cpu.busy! + samples.at(-1)!.cpu.idle! + samples.at(-1)!.cpu.iowait!).toBeCloseTo(1);
    expect(await host.run('Faultline-Sampler', parameters)).toMatchObject({ code: 66 });
    expect(await host.status('sampled')).toMatchObject({ tombstone: false });
  });

  guestTest('says what S3 answered when it takes nothing, and fails', async () => {
    const s3 = await makeBucket();
    const parameters = await samplerParameters(s3, 'refused', 'somewhere/else/');
    const { code, stdout, stderr } = await host.run('Faultline-Sampler', { ...parameters, Seconds: '2' });
    expect({ code, stdout }).toEqual({
      code: 70,
      stdout: expect.stringMatching(/ samples in 1 slices, 0 of them uploaded/),
    });
    expect(stderr).toMatch(/HTTP 403 AccessDenied/);
  });

  async function makeBucket(): Promise<S3Client> {
    const { endpoint, region, root } = host.stack;
    const s3 = new S3Client({ endpoint, region, credentials: root, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    return s3;
  }

  /** The form allows keys below `prefix`; the sampler is told `told`. */
  async function samplerParameters(s3: S3Client, runId: string, told = prefix) {
    const { fields } = await createPresignedPost(s3, { Bucket: bucket, Key: `${prefix}\${filename}`, Expires: 600 });
    const url = `http://${endpointAddress}:${apiPort}/${bucket}`;
    const Upload = Buffer.from(JSON.stringify({ url, fields, prefix: told })).toString('base64');
    return {
      RunId: runId,
      Seconds: '60',
      IntervalMs: '500',
      SliceSeconds: '5',
      Process: 'sample-app',
      Unit: '',
      Upload,
    };
  }
});

const isChanged = ({ stressors, qdiscs }: Traces) => stressors.length > 0 || qdiscs !== none.qdiscs;
const faultOf = (name: string) =>
  name
    .replace('Faultline-', '')
    .replaceAll(/\B[A-Z]/g, '-$&')
    .toLowerCase();

/** @throws when something of a fault is there later than its deadline allows */
async function goneBy(deadline: number): Promise<void> {
  const until = (deadline + goneWithin) * 1000;
  while (Date.now() < until && isChanged(await host.traces())) await sleep(250);
  // The timer ends a moment after what it has ended.
  while (Date.now() < until && (await host.traces()).timers.length > 0) await sleep(250);
  expect(await host.traces()).toEqual(none);
}

/** From the host to somebody outside. */
async function connectMs(address: string): Promise<number> {
  const program = `import socket, time
s = socket.socket()
s.settimeout(5)
start = time.monotonic()
s.connect_ex(("${address}", ${apiPort}))
print((time.monotonic() - start) * 1000)`;
  return Number((await host.exec(`python3 -c '${program}'`)).stdout);
}
