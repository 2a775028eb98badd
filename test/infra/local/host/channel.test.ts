import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guestStage } from '../../../../infra/local/host/guest-stage.ts';
import { type LocalStack, startLocalStack } from '../../../../infra/local/stack.ts';
import { freePort } from '../../../support/services.ts';
import { node, python, repository } from '../probe.ts';
import { guestTest, unavailable } from './guest-test.ts';

interface Seen {
  odd: boolean;
  directory: string;
  code: number;
  obedient: { code: number; seconds: number };
  stubborn: { code: number; seconds: number };
  left: string;
  unusable: string;
  cutOff: number | null;
  afterwards: { online: boolean; reason: string };
  broken: string;
}

let stateRoot: string;
let stack: LocalStack | undefined;
let seen: Seen;

beforeAll(async () => {
  if (unavailable !== null) return;
  stateRoot = mkdtempSync(join(tmpdir(), 'faultline-channel-'));
  stack = await startLocalStack({ python, port: await freePort(), stateRoot });
  const fixture = join(import.meta.dirname, 'channel.fixture.ts');
  const argv = [node, fixture, join(stack.stateDir, 'hosts'), guestStage()!, repository];
  const { code, stdout, stderr } = await stack.exec(argv, { timeoutMs: 60_000 });
  if (code !== 0) throw new Error(stderr);
  seen = JSON.parse(stdout);
}, 70_000);
afterAll(async () => {
  await stack?.stop();
  if (stateRoot) rmSync(stateRoot, { recursive: true, force: true });
});

guestTest('a command has its environment to the letter, its working directory and its exit code', () => {
  expect(seen).toMatchObject({ odd: true, directory: '/usr/share\n', code: 3 });
});

guestTest('a kill ends the command and all that it started: at once, or after 5 s what does not listen', () => {
  expect(seen.obedient.code).toBe(143);
  expect(seen.obedient.seconds).toBeLessThan(3);
  expect(seen.stubborn.code).toBe(137);
  expect(seen.stubborn.seconds).toBeGreaterThanOrEqual(4.9);
  expect(seen.stubborn.seconds).toBeLessThan(9);
  expect(seen.left).toBe('');
});

guestTest('a command that cannot be started is refused with the reason', () => {
  expect(seen.unusable).toMatch(/was not delivered: .*No such file or directory/);
});

guestTest('a host that ends takes its commands along and gets no other', () => {
  expect(seen.cutOff).toBeNull();
  expect(seen.afterwards).toEqual({ online: false, reason: expect.stringContaining('the host does not answer') });
});

guestTest('a guest that does not boot is told with the end of its console', () => {
  expect(seen.broken).toMatch(/^the managed host ended while it booted:\n[\s\S]*(linux\.uml|panic|not found)/);
});
