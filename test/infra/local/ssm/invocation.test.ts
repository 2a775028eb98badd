import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Invocation } from '../../../../infra/local/ssm/invocation.ts';
import type { Step } from '../../../../infra/local/ssm/steps.ts';
import { fastClock, LocalHost } from './local-host.fixture.ts';

const factor = 50;
let host: LocalHost;

beforeEach(() => {
  host = new LocalHost('i-0123456789abcdef0');
});
afterEach(() => host.remove());

const stepOf = (script: string, more: Partial<Step> = {}): Step => ({
  name: 'only',
  script,
  environment: {},
  workingDirectory: '/',
  timeoutSeconds: 60,
  onFailure: undefined,
  skipped: undefined,
  ...more,
});

function invoke(...steps: Step[]) {
  const clock = fastClock(factor);
  const commandId = 'c0ffee00-0000-4000-8000-000000000000';
  const invocation = new Invocation({ commandId, host, steps, region: 'eu-west-1', deliverySeconds: 30, clock });
  return { invocation, clock, ended: invocation.run() };
}

async function ended(...steps: Step[]) {
  const { invocation, ended: end } = invoke(...steps);
  await end;
  return invocation;
}

const fileOf = (name: string) => join(host.folder, name);
const when = async (isTrue: () => boolean) => {
  for (let tries = 0; !isTrue(); tries++) {
    if (tries > 300) throw new Error('not within 3 s');
    await sleep(10);
  }
};

test('a step that ends well is a success with its output, times and place', async () => {
  const script =
    'echo "$SSM_RunId $SSM_COMMAND_ID $AWS_SSM_INSTANCE_ID $AWS_SSM_REGION_NAME"; printenv PATH; echo no >&2; touch done';
  const { outcome, steps } = await ended(stepOf(script, { environment: { SSM_RunId: 'r-1' } }));
  expect(outcome).toEqual({ status: 'Success', details: 'Success' });
  expect(steps).toEqual([
    {
      name: 'only',
      outcome: { status: 'Success', details: 'Success' },
      responseCode: 0,
      stdout:
        'r-1 c0ffee00-0000-4000-8000-000000000000 i-0123456789abcdef0 eu-west-1\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n',
      stderr: 'no\n',
      startedAt: expect.any(Number),
      endedAt: expect.any(Number),
    },
  ]);
  // Both may be read within one tick of the clock.
  expect(steps[0]!.endedAt).toBeGreaterThanOrEqual(steps[0]!.startedAt!);
  expect(existsSync(fileOf('done'))).toBe(true);
});

test.each([
  [1, 'Failed', 'Failed'],
  [65, 'Failed', 'Failed'],
  [137, 'TimedOut', 'ExecutionTimedOut'],
])('an exit status of %d is %s', async (code, status, details) => {
  const { outcome, steps } = await ended(stepOf(`echo why >&2; exit ${code}`));
  expect(outcome).toEqual({ status, details });
  expect(steps[0]).toMatchObject({ responseCode: code, stderr: 'why\n' });
});

describe('of several steps', () => {
  const second = stepOf('touch second', { name: 'second' });

  test('the next one runs after a failed one, and the whole has failed', async () => {
    const { outcome, steps } = await ended(stepOf('exit 3'), second);
    expect(outcome.details).toBe('Failed');
    expect(steps.map(({ responseCode }) => responseCode)).toEqual([3, 0]);
    expect(existsSync(fileOf('second'))).toBe(true);
  });

  test.each([
    ['onFailure exit', stepOf('exit 3', { onFailure: 'exit' }), 'Failed', 3],
    ['onFailure successAndExit', stepOf('exit 3', { onFailure: 'successAndExit' }), 'Success', 168],
    ['exit status 168', stepOf('exit 168'), 'Success', 168],
    ['exit status 169', stepOf('exit 169'), 'Failed', 169],
  ])('none runs after %s', async (_, first, details, code) => {
    const { outcome, steps } = await ended(first, second);
    expect(outcome.details).toBe(details);
    expect(steps[0]!.responseCode).toBe(code);
    expect(steps[1]).toMatchObject({ responseCode: 0, stdout: expect.stringMatching(/skipped due to prior step/) });
    expect(existsSync(fileOf('second'))).toBe(false);
  });

  test('one that is not for this host is a success that did nothing', async () => {
    const { outcome, steps } = await ended(stepOf('touch first', { skipped: 'not for Linux' }), second);
    expect(outcome.details).toBe('Success');
    expect(steps[0]).toMatchObject({ stdout: 'not for Linux' });
    expect([existsSync(fileOf('first')), existsSync(fileOf('second'))]).toEqual([false, true]);
  });
});

describe('what is not delivered in time', () => {
  test('never is, and the time-out says so', async () => {
    host.isOnline = false;
    const { invocation, clock, ended: end } = invoke(stepOf('touch late'), stepOf('touch later', { name: 'second' }));
    await when(() => invocation.outcome.details === 'Delayed');
    expect(invocation.outcome.status).toBe('Pending');
    await end;
    expect(clock.now() - invocation.requestedAt).toBeGreaterThanOrEqual(30);
    expect(clock.now() - invocation.requestedAt).toBeLessThan(120);
    expect(invocation.outcome).toEqual({ status: 'TimedOut', details: 'DeliveryTimedOut' });
    expect(invocation.steps.map(({ responseCode }) => responseCode)).toEqual([-1, -1]);
    host.isOnline = true;
    await sleep(100);
    expect(host.started).toEqual([]);
  });

  test('is killed when the host takes it nevertheless', async () => {
    const taken = Promise.withResolvers<void>();
    host.delivery = taken.promise;
    const invocation = await ended(stepOf('sleep 0.2; touch late'));
    expect(invocation.outcome.details).toBe('DeliveryTimedOut');
    taken.resolve();
    await when(() => host.started.length === 1);
    await sleep(400);
    expect(existsSync(fileOf('late'))).toBe(false);
  });

  test('is delivered by a later try', async () => {
    host.isOnline = false;
    const { invocation, ended: end } = invoke(stepOf('touch delivered'));
    await when(() => invocation.outcome.details === 'Delayed');
    host.isOnline = true;
    await end;
    expect(invocation.outcome.details).toBe('Success');
    expect(existsSync(fileOf('delivered'))).toBe(true);
  });
});

test('a step that takes too long is killed with all that it has started, and what it had said is kept', async () => {
  const script = 'echo begun; (sleep 0.6; touch late) & wait';
  const { outcome, steps } = await ended(stepOf(script, { timeoutSeconds: 10 }));
  expect(outcome).toEqual({ status: 'TimedOut', details: 'ExecutionTimedOut' });
  expect(steps[0]).toMatchObject({ responseCode: 137, stdout: 'begun\n' });
  expect(steps[0]!.endedAt! - steps[0]!.startedAt!).toBeGreaterThanOrEqual(10);
  await sleep(700);
  expect(existsSync(fileOf('late'))).toBe(false);
});

describe('cancelled', () => {
  test('before its delivery it never arrives', async () => {
    host.isOnline = false;
    const { invocation, ended: end } = invoke(stepOf('touch late'));
    invocation.cancel();
    await end;
    expect(invocation.outcome).toEqual({ status: 'Cancelled', details: 'Cancelled' });
    host.isOnline = true;
    await sleep(100);
    expect(host.started).toEqual([]);
  });

  test('in the middle it is killed with all that it has started, and no further step begins', async () => {
    const first = stepOf('touch begun; (sleep 0.5; touch late) & wait');
    const { invocation, ended: end } = invoke(first, stepOf('touch second', { name: 'second' }));
    await when(() => existsSync(fileOf('begun')));
    expect(invocation.outcome.details).toBe('InProgress');
    invocation.cancel();
    expect(invocation.outcome.details).toBe('Cancelling');
    await end;
    expect(invocation.outcome.details).toBe('Cancelled');
    expect(invocation.steps.map(({ responseCode }) => responseCode)).toEqual([137, -1]);
    await sleep(600);
    expect([existsSync(fileOf('late')), existsSync(fileOf('second'))]).toEqual([false, false]);
  });

  test('after its end it stays what it was', async () => {
    const { invocation, ended: end } = invoke(stepOf('true'));
    await end;
    invocation.cancel();
    expect(invocation.outcome.details).toBe('Success');
  });
});

test('a host that is gone in the middle leaves the command in progress until it expires', async () => {
  const { invocation, clock, ended: end } = invoke(stepOf('touch begun; sleep 60', { timeoutSeconds: 20 }));
  await when(() => existsSync(fileOf('begun')));
  host.disappear();
  await sleep(100);
  expect(invocation.outcome.details).toBe('InProgress');
  await end;
  expect(invocation.outcome.details).toBe('DeliveryTimedOut');
  expect(clock.now()).toBeGreaterThanOrEqual(invocation.expiresAt);
});
