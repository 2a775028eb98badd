import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Clock } from '../../../lambdas/aws/clock.ts';
import type { LedgerEntry, ReadbackEntry } from '../../../lambdas/evidence/ledger.ts';
import { type ReadbackIo, readBack } from '../../../lambdas/verify/readback.ts';
import { freePort } from '../../support/services.ts';
import { fakeClock } from '../support/clock.ts';
import { start } from '../support/run.ts';
import { aTarget } from '../support/target.ts';

type Answer = number | 'silence' | 'reset';

/** An application that answers `GET /users/<key>`; `answer` gets how often this key was asked for, from 1 on. */
class App {
  readonly requests: { path: string; headers: IncomingMessage['headers'] }[] = [];
  mostAtOnce = 0;
  private atOnce = 0;
  private readonly server: Server;
  private readonly asked = new Map<string, number>();

  constructor(answer: (key: string, times: number) => Answer, holdMs = 0) {
    this.server = createServer(async (request, response) => {
      const path = request.url ?? '';
      this.requests.push({ path, headers: request.headers });
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
      const times = (this.asked.get(path) ?? 0) + 1;
      this.asked.set(path, times);
      await new Promise((resolve) => setTimeout(resolve, holdMs));
      this.atOnce--;
      const status = answer(decodeURIComponent(path.split('/').at(-1)!), times);
      if (status === 'reset') request.socket.destroy();
      else if (status !== 'silence') response.writeHead(status, { location: '/login' }).end('{}');
    });
  }

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  timesAsked = (key: string) => this.asked.get(`/users/${encodeURIComponent(key)}`) ?? 0;

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const acked = (key: string, changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  class: 'users',
  key,
  intent: start,
  ack: start + 0.1,
  outcome: 'acked',
  ...changes,
});

async function read(
  answer: (key: string, times: number) => Answer,
  ledger: LedgerEntry[],
  { holdMs = 0, clock = fakeClock(start) as Clock } = {},
) {
  const app = new App(answer, holdMs);
  const endpoint = await app.start();
  let controls = 0;
  const io: ReadbackIo = { fetch, clock, randomId: () => `never-written-${++controls}` };
  try {
    return { answers: await readBack(aTarget({ endpoint }), ledger, io), app, clock };
  } finally {
    await app.stop();
  }
}

const isControl = (key: string) => key.startsWith('never-written');
const found = (answers: ReadbackEntry[]) =>
  Object.fromEntries(answers.filter((a) => !a.control).map((a) => [a.key, a.found]));

test('what is there is found, what is definitely not is missing, and all else is unreadable', async () => {
  const answers: Record<string, Answer> = { there: 200, lost: 404, broken: 500, forbidden: 403, elsewhere: 302 };
  const { answers: read1 } = await read(
    (key) => answers[key] ?? 404,
    Object.keys(answers).map((key) => acked(key)),
  );
  expect(found(read1)).toEqual({
    there: 'found',
    lost: 'missing',
    broken: 'unreadable',
    forbidden: 'unreadable',
    elsewhere: 'unreadable',
  });
});

test('only acknowledged writes are asked for, each once', async () => {
  const ledger = [
    acked('a'),
    acked('a'),
    acked('refused', { outcome: 'refused', ack: null }),
    acked('unknown', { outcome: 'unknown', ack: null }),
  ];
  const { answers, app } = await read((key) => (isControl(key) ? 404 : 200), ledger);
  expect(found(answers)).toEqual({ a: 'found' });
  expect(app.timesAsked('a')).toBe(1);
});

test('ids that were never written are asked for with them, in each class that has writes', async () => {
  const ledger = [acked('a'), acked('b', { class: 'transactions' })];
  const { answers } = await read((key) => (isControl(key) ? 404 : 200), ledger);
  const controls = answers.filter((a) => a.control);
  expect(controls.map((c) => c.class).sort()).toEqual([...Array(5).fill('transactions'), ...Array(5).fill('users')]);
  expect(controls.every((c) => c.found === 'missing' && isControl(c.key))).toBe(true);
});

test('a reader that finds everything is given away by its controls', async () => {
  const { answers } = await read(() => 200, [acked('a')]);
  expect(answers.filter((a) => a.control).map((a) => a.found)).toEqual(Array(5).fill('found'));
});

test('nothing written, nothing asked', async () => {
  const { answers, app } = await read(() => 200, [acked('a', { outcome: 'unknown', ack: null })]);
  expect([answers, app.requests]).toEqual([[], []]);
});

test.each<Answer>([503, 429, 500, 'reset'])(
  '%s is asked again, with longer and longer pauses, until there is an answer',
  async (trouble) => {
    const clock = fakeClock(start);
    const { answers, app } = await read(
      (key, times) => (isControl(key) ? 404 : times < 4 ? trouble : 200),
      [acked('a')],
      {
        clock,
      },
    );
    expect(found(answers)).toEqual({ a: 'found' });
    expect(app.timesAsked('a')).toBe(4);
    expect(clock.sleeps).toEqual([0.5, 1, 2]);
  },
);

test('after a few tries without an answer it is unreadable, never missing', async () => {
  const { answers, app } = await read((key) => (isControl(key) ? 404 : 503), [acked('a')]);
  expect(found(answers)).toEqual({ a: 'unreadable' });
  expect(app.timesAsked('a')).toBe(4);
});

test('a target that stays down does not keep the answers from being given in time', async () => {
  const clock = fakeClock(start);
  const ledger = Array.from({ length: 2000 }, (_, i) => acked(`k${i}`));
  const { answers } = await read(() => 503, ledger, { clock });
  expect(answers).toHaveLength(2005);
  expect(new Set(answers.map((a) => a.found))).toEqual(new Set(['unreadable']));
  // The fake clock adds up the pauses of all that wait side by side.
  expect(clock.now() - start).toBeLessThan(200 + 16 * 2);
});

test('nobody there at all is unreadable', async () => {
  const target = aTarget({ endpoint: `http://127.0.0.1:${await freePort()}` });
  const answers = await readBack(target, [acked('a')], { fetch, clock: fakeClock(start), randomId: () => 'x' });
  expect(new Set(answers.map((a) => a.found))).toEqual(new Set(['unreadable']));
});

test('a class without a way to read it back is unreadable, and nothing is asked', async () => {
  const { answers, app } = await read(() => 200, [acked('a', { class: 'sessions' })]);
  expect(new Set(answers.map((a) => a.found))).toEqual(new Set(['unreadable']));
  expect(app.requests).toEqual([]);
});

test('requests go past every cache, and no more than sixteen at once', async () => {
  const ledger = Array.from({ length: 100 }, (_, i) => acked(`k${i}`));
  const { app } = await read((key) => (isControl(key) ? 404 : 200), ledger, { holdMs: 5 });
  expect(app.requests.every((r) => r.headers['cache-control'] === 'no-cache')).toBe(true);
  expect(app.mostAtOnce).toBeLessThanOrEqual(16);
  expect(app.mostAtOnce).toBeGreaterThan(8);
});

test('a key is one part of the path, whatever is in it', async () => {
  const key = 'a/b?c=d#e $& ü%2F';
  const { answers, app } = await read((asked) => (asked === key ? 200 : 404), [acked(key)]);
  expect(found(answers)).toEqual({ [key]: 'found' });
  expect(app.requests.some((r) => r.path === `/users/${encodeURIComponent(key)}`)).toBe(true);
});
