import { BareHost, epochSeconds } from './bare-host.ts';

let host: BareHost;
beforeEach(async () => {
  host = await BareHost.start();
});
afterEach(() => host.stop());

const kill = (runId: string, others: Record<string, string> = {}) =>
  host.run('Faultline-ProcessKill', {
    RunId: runId,
    NotAfter: String(epochSeconds() + 10),
    Deadline: String(epochSeconds() + 60),
    Install: 'no',
    Process: 'sample-app',
    Unit: '',
    ...others,
  });

const pids = async () => (await host.exec(['pgrep', '-x', 'sample-app'])).stdout.trim().split('\n').filter(Boolean);

/** A process called sample-app, with so many children that are called the same, as a web server's workers are. */
async function startApplication(children = 0): Promise<void> {
  const before = (await pids()).length;
  const worker = '/run/sample-app -c "read never" <>/run/never & ';
  await host.exec(['sh', '-c', '[ -e /run/sample-app ] || { cp /bin/bash /run/sample-app; mkfifo /run/never; }']);
  host.spawn(['/run/sample-app', '-c', `${worker.repeat(children)} read never <>/run/never`]);
  await host.eventually(async () => (await pids()).length === before + children + 1);
}

const oldest = async () => (await host.exec(['pgrep', '-x', '-o', 'sample-app'])).stdout.trim();

test('ends the main process, and says which', async () => {
  await startApplication();
  const [pid] = await pids();
  const { code, stdout } = await kill('run-one');
  expect({ code, stdout }).toEqual({ code: 0, stdout: `process-kill of run run-one: ended process ${pid}\n` });
  expect(await pids()).toEqual([]);
});

test('of several processes of the name it ends the parent, not a worker', async () => {
  await startApplication(3);
  const parent = await oldest();
  expect(await kill('run-one')).toMatchObject({ code: 0 });
  expect(await pids()).toHaveLength(3);
  expect(await pids()).not.toContain(parent);
});

test('sent again it is a success, and kills nothing else', async () => {
  await startApplication();
  await kill('run-one');
  await startApplication();
  expect(await kill('run-one')).toMatchObject({ code: 0 });
  expect(await pids()).toHaveLength(1);
});

test('another run kills again: nothing is held', async () => {
  await startApplication();
  await kill('run-one');
  await startApplication();
  expect(await kill('run-two')).toMatchObject({ code: 0 });
  expect(await pids()).toEqual([]);
});

test('says that there is no such process, and leaves the host free for the next run', async () => {
  expect(await kill('run-one')).toMatchObject({ code: 68, stderr: 'there is no process sample-app on this host\n' });
  await startApplication();
  expect(await kill('run-two')).toMatchObject({ code: 0 });
});

test.each([
  ['neither', { Process: '', Unit: '' }],
  ['both', { Process: 'sample-app', Unit: 'sample.service' }],
])('refuses %s of Process and Unit', async (_, which) => {
  await startApplication();
  expect(await kill('run-one', which)).toMatchObject({ code: 64, stderr: 'give either Process or Unit\n' });
  expect(await pids()).toHaveLength(1);
});

test('a unit is refused where there is no systemd', async () => {
  await startApplication();
  const outcome = await kill('run-one', { Process: '', Unit: 'sample-app.service' });
  expect(outcome).toMatchObject({ code: 68, stderr: expect.stringContaining('sample-app.service') });
  expect(await pids()).toHaveLength(1);
});

test('kills nothing after its time', async () => {
  await startApplication();
  const late = await kill('run-one', { NotAfter: String(epochSeconds() - 1) });
  expect(late).toMatchObject({ code: 66, stderr: expect.stringContaining('too late') });
  const over = await kill('run-one', { Deadline: String(epochSeconds()) });
  expect(over).toMatchObject({ code: 66, stderr: expect.stringContaining('the deadline was') });
  expect(await pids()).toHaveLength(1);
});

test('takes no deadline of more than two hours', async () => {
  await startApplication();
  expect(await kill('run-one', { Deadline: String(epochSeconds() + 7300) })).toMatchObject({ code: 64 });
  expect(await pids()).toHaveLength(1);
});

test('kills nothing after a revert, which is a success where nothing was done', async () => {
  await startApplication();
  const revert = { RunId: 'run-one', Fault: 'process-kill' };
  for (let times = 0; times < 2; times++) {
    expect(await host.run('Faultline-Revert', revert)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('is left'),
    });
  }
  expect(await kill('run-one')).toMatchObject({
    code: 66,
    stderr: expect.stringContaining('was reverted on this host'),
  });
  expect(await pids()).toHaveLength(1);
});

test('waits for the command that is changing the host', async () => {
  await startApplication();
  await host.exec(['sh', '-c', 'mkdir -p /run/faultline && flock /run/faultline/lock sleep 2 >/dev/null 2>&1 &']);
  const before = Date.now();
  expect(await kill('run-one')).toMatchObject({ code: 0 });
  expect(Date.now() - before).toBeGreaterThan(1_000);
});
