import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { routerAddress } from '../../../../infra/local/addresses.ts';
import {
  type HostSpec,
  type LocalStack,
  type ManagedHostHandle,
  startLocalStack,
} from '../../../../infra/local/stack.ts';
import { descendants } from '../../../support/e2e-processes.ts';
import { freePort } from '../../../support/services.ts';
import { connect, eventually, killFirstProcess, python } from '../probe.ts';
import { guestTest, unavailable } from './guest-test.ts';

/** Its application finds neither a database nor a cache, and answers nevertheless. */
const spec: HostSpec = {
  name: 'app',
  instanceId: 'i-0123456789abcdef0',
  tags: { 'faultline:target': 'sample' },
  program: {
    environment: {
      DATABASE_URL: 'postgres://nobody@database.faultline.internal:5432/sample',
      REDIS_URL: 'redis://cache.faultline.internal:6379',
    },
  },
};
const logGroupName = '/faultline/test/app';
const addressPattern = /^198\.1[89]\.\d+\.\d+$/;

let stateRoot: string;
let stack: LocalStack;
let host: ManagedHostHandle;
let logs: CloudWatchLogsClient;

const start = async () => startLocalStack({ python, port: await freePort(), stateRoot });

/** All that a guest is on this machine: its kernel, and a process for each of its own. */
const guests = () => descendants(process.pid).filter(({ name }) => name.startsWith('linux.uml'));

async function out(script: string): Promise<string> {
  const { code, stdout, stderr } = await host.run(script);
  if (code !== 0) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** Runs Python in the run's network, outside the guest. */
async function outside(script: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await stack.exec(['python3', '-c', script, ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** Milliseconds that a TCP handshake with the application takes, the fastest of three. */
const handshakeMs = async () =>
  Number(
    await outside(
      `import socket, sys, time
def handshake():
    began = time.monotonic()
    socket.create_connection((sys.argv[1], 8000), 5).close()
    return (time.monotonic() - began) * 1000
print(min(handshake() for _ in range(3)))`,
      host.address,
    ),
  );

const resolved = (name: string) =>
  outside(
    `import socket, sys
try: print(socket.gethostbyname(sys.argv[1]))
except socket.gaierror: print('none')`,
    name,
  );

/** Kibibytes. */
const availableMemory = async () => Number(await out("sed -n 's/^MemAvailable: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo"));

const applicationPid = () =>
  eventually('the application runs', async () => {
    const { stdout } = await host.run('pgrep -x sample-app');
    return /^\d+\n$/.test(stdout) && Number(stdout);
  });

const isServing = () =>
  eventually('the application answers', async () => (await connect(stack, host.address, 8000)) === 'connected', 30);

beforeAll(async () => {
  if (unavailable !== null) return;
  stateRoot = mkdtempSync(join(tmpdir(), 'faultline-host-'));
  stack = await start();
  logs = new CloudWatchLogsClient({ ...stack, credentials: stack.root });
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  host = await stack.startHost({ ...spec, program: { ...spec.program, logGroup: logGroupName } });
}, 60_000);
afterAll(async () => {
  await stack?.stop();
  if (stateRoot) rmSync(stateRoot, { recursive: true, force: true });
});

guestTest('has an address and a name of the run, and its application answers there', async () => {
  expect(host).toMatchObject({
    instanceId: spec.instanceId,
    name: 'app',
    tags: spec.tags,
    address: expect.stringMatching(addressPattern),
    online: true,
  });
  await isServing();
  expect(await resolved('app.faultline.internal')).toBe(host.address);
  expect(
    await outside(`import urllib.request
print(urllib.request.urlopen('http://app.faultline.internal:8000/metrics', timeout=5).read().decode())`),
  ).toContain('app_requests_total');
});

guestTest('has what its application prints in the log group, and in a file', async () => {
  await isServing();
  const message = await eventually('a line of the application', async () => {
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    return events?.map((event) => event.message ?? '').find((line) => line.includes('listening'));
  });
  expect(readFileSync(join(stack.stateDir, 'hosts', 'app', 'app.log'), 'utf8').split('\n')).toContain(message);
});

guestTest('has the clock of the machine', async () => {
  const { offsetMs, uncertaintyMs } = host.clock;
  expect(Math.abs(offsetMs)).toBeLessThan(uncertaintyMs + 20);
});

guestTest('runs on one processor of the machine, its kernel and all processes of its own', () => {
  const allowed = guests().map(
    ({ pid }) => /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
  );
  // Its kernel, the agent, the supervisor and the application at the least.
  expect(allowed.length).toBeGreaterThan(3);
  expect(new Set(allowed).size).toBe(1);
  expect(allowed[0]).toMatch(/^\d+$/);
});

guestTest('runs many commands side by side, each with its own output and exit code', async () => {
  const began = Date.now();
  const results = await Promise.all(
    [1, 2, 3, 4, 5, 6].map((n) => host.run(`sleep 2; echo out ${n}; echo err ${n} >&2; exit ${n}`)),
  );
  expect(results.map(({ code, stdout, stderr }) => [code, stdout, stderr])).toEqual(
    [1, 2, 3, 4, 5, 6].map((n) => [n, `out ${n}\n`, `err ${n}\n`]),
  );
  expect(Date.now() - began).toBeLessThan(8_000);
});

guestTest('a command is over with its script, and its output is there, whatever it leaves running', async () => {
  const began = Date.now();
  expect(await out('sleep 30 & echo "$!"; echo begun')).toMatch(/^\d+\nbegun$/);
  expect(Date.now() - began).toBeLessThan(5_000);
  expect(await out('pgrep -f "^sleep 30" | wc -l; pkill -f "^sleep 30"')).toBe('1');
});

guestTest('loses nothing of long answers that services here send it', async () => {
  const port = await freePort();
  const serving = outside(
    `import socket, sys
def sent_again():
    names, values = [line.split() for line in open('/proc/net/snmp') if line.startswith('Tcp:')]
    return int(values[names.index('RetransSegs')])
before = sent_again()
with socket.create_server((sys.argv[1], int(sys.argv[2]))) as server:
    connection, _ = server.accept()
    for _ in range(20):
        connection.recv(1)
        connection.sendall(bytes(40000))
    connection.recv(1)
print(sent_again() - before)`,
    routerAddress,
    String(port),
  );
  const asking = `import socket, time
for attempt in range(50):
    try:
        connection = socket.create_connection(('${routerAddress}', ${port}), 5)
        break
    except ConnectionRefusedError:
        time.sleep(0.1)
got = 0
for n in range(20):
    connection.sendall(b'?')
    while got < 40000 * (n + 1):
        got += len(connection.recv(65536))
connection.sendall(b'.')
print(got)`;
  expect(await out(`python3 - <<'PYTHON'\n${asking}\nPYTHON`)).toBe('800000');
  // Of some 560 packets. All of them, where joined ones are lost; a few, where the guest has to wait for the machine.
  expect(Number(await serving)).toBeLessThan(56);
});

guestTest('has a network card on which a delay is a delay for everybody outside', async () => {
  await isServing();
  expect(await handshakeMs()).toBeLessThan(100);
  await out('tc qdisc add dev eth0 root netem delay 300ms');
  const slow = await handshakeMs();
  await out('tc qdisc del dev eth0 root');
  expect(slow).toBeGreaterThan(295);
  expect(slow).toBeLessThan(500);
  expect(await handshakeMs()).toBeLessThan(100);
});

guestTest(
  'has a memory and a processor of its own, and its agent answers while both are taken',
  async () => {
    const before = await availableMemory();
    const taken = host.run('stress-ng --vm 1 --vm-bytes 80% --vm-keep --vm-populate --cpu 2 --timeout 6s');
    const during = await eventually('the memory is taken', async () => {
      const available = await availableMemory();
      return available < before / 2 && available;
    });
    const began = Date.now();
    await out('true');
    expect(Date.now() - began).toBeLessThan(3_000);
    expect((await taken).code).toBe(0);
    expect(during).toBeLessThan(before / 2);
    expect(await availableMemory()).toBeGreaterThan(before * 0.8);
  },
  30_000,
);

guestTest(
  'restarts an application that was killed, as another process',
  async () => {
    const pid = await applicationPid();
    await out(`kill -9 ${pid}`);
    const next = await eventually('another process', async () => {
      const now = await applicationPid();
      return now !== pid && now;
    });
    const log = readFileSync(join(stack.stateDir, 'hosts', 'app', 'share', 'supervisor.log'), 'utf8');
    expect(log).toMatch(new RegExp(`started pid=${pid}\\n\\S+ ended status=137\\n\\S+ started pid=${next}\\n`));
    const [ended, started] = log
      .split('\n')
      .filter(Boolean)
      .slice(-2)
      .map((line) => Number(line.split(' ')[0]));
    expect(started! - ended!).toBeGreaterThan(0.9);
    expect(started! - ended!).toBeLessThan(10);
    await isServing();
  },
  40_000,
);

guestTest("cannot write the machine's files as root, nor see a person's", async () => {
  const marks = ['/usr', '/etc', '/stage', '/guest', '/program', '/orders'].map(
    (folder) => `${folder}/faultline-was-here`,
  );
  const setting = '/proc/sys/vm/overcommit_memory';
  const before = readFileSync(setting, 'utf8');
  await host.run(`mkdir /machine && mount -t hostfs none -o / /machine || exit
    for file in ${marks.join(' ')}; do echo x >"/machine$file"; done
    mount -o remount,rw /machine
    for file in ${marks.join(' ')}; do echo x >"/machine$file"; done
    echo 2 >/machine${setting}; rm -rf /machine/program/*`);
  expect(await out('ls /machine')).toContain('usr');
  expect(await out(`for file in ${marks.join(' ')}; do [ -e "/machine$file" ] && echo "$file"; done; true`)).toBe('');
  expect(existsSync('/usr/faultline-was-here') || existsSync('/etc/faultline-was-here')).toBe(false);
  expect(readFileSync(setting, 'utf8')).toBe(before);
  expect(existsSync(join(stack.stateDir, 'hosts', 'app', 'program', 'app.cjs'))).toBe(true);
  // Its own /etc is written in its memory only.
  await out('echo x >/etc/faultline-was-here');
  expect(existsSync('/etc/faultline-was-here')).toBe(false);
  expect((await host.run(`ls /machine${process.cwd()}`)).code).not.toBe(0);
  await out('umount /machine');
});

guestTest(
  "gets nothing of the machine's read for it: a link or a pipe where output is expected is no output",
  async () => {
    const secret = join(stateRoot, 'secret');
    writeFileSync(secret, 'secret');
    for (const make of [`ln -s ${secret}`, 'mkfifo']) {
      const script = `own=$(ls -t /share/commands | head -1); rm "/share/commands/$own/stdout"; ${make} "/share/commands/$own/stdout"`;
      expect(await host.run(script)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    }
  },
);

guestTest(
  'is started once at a time, and when it has ended is offline without a name or an address',
  async () => {
    await expect(stack.startHost(spec)).rejects.toThrow(`${spec.instanceId} is running`);
    await host.stop();
    expect(await stack.hosts()).toMatchObject([{ instanceId: spec.instanceId, online: false }]);
    await expect(host.run('true')).rejects.toThrow('was not delivered: the host does not answer');
    expect(await resolved('app.faultline.internal')).toBe('none');
    expect(await connect(stack, host.address, 8000)).toBe('timeout');

    const again = await stack.startHost({ ...spec, address: host.address });
    expect(again).toMatchObject({ address: host.address, online: true });
    host = again;
    await isServing();
  },
  30_000,
);

guestTest(
  'leaves nothing when the stack is stopped, and nothing when the sandbox is killed',
  async () => {
    const isGone = () => eventually('no guest is left', async () => guests().length === 0, 5);
    expect(guests().length).toBeGreaterThan(0);
    const began = Date.now();
    await stack.stop();
    expect(Date.now() - began).toBeLessThan(5_000);
    expect(existsSync(stack.stateDir)).toBe(false);
    await isGone();

    stack = await start();
    await stack.startHost(spec);
    expect(guests().length).toBeGreaterThan(0);
    killFirstProcess(stack);
    await isGone();
    await expect(stack.hosts()).rejects.toThrow('the sandbox ended');
  },
  40_000,
);
