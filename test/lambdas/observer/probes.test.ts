import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { sampleSchema } from '../../../lambdas/evidence/sample.ts';
import { describeError, Probes } from '../../../lambdas/observer/probes.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { freePort, startPostgres, startRedis, type TestService } from '../../support/services.ts';
import { aTarget } from '../support/target.ts';

const login = async () => ({ username: 'postgres', password: 'any' });
const now = () => Date.now() / 1000;

let postgres: TestService;
let redis: TestService;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
}, 60_000);
afterAll(() => Promise.all([postgres.remove(), redis.remove()]));

interface App {
  target: Partial<Target>;
  ports: Set<number | undefined>;
  close(): Promise<unknown>;
}

async function anApp(answer: (path: string) => { status: number; body: string; delayMs?: number }): Promise<App> {
  const ports = new Set<number | undefined>();
  const server: Server = createServer((request, response) => {
    ports.add(request.socket.remotePort);
    const { status, body, delayMs = 0 } = answer(request.url ?? '');
    setTimeout(() => response.writeHead(status).end(body), delayMs).unref();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    target: {
      endpoint: `http://127.0.0.1:${port}`,
      metrics: { path: '/metrics', series: { requests: 'app_requests' } },
    },
    ports,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function probesOn(changes: Partial<Target> = {}, logins = login): Probes {
  const target = aTarget({
    database: { ...aTarget().database!, host: '127.0.0.1', port: postgres.port, name: 'postgres' },
    cache: { ...aTarget().cache!, host: '127.0.0.1', port: redis.port },
    ...changes,
  });
  return new Probes(target, logins, now);
}

/** The result, and how long it took in milliseconds. */
async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  return [await work, performance.now() - began];
}

describe('a target that is up', () => {
  test('is seen in every figure of a sample', async () => {
    const app = await anApp((path) =>
      path === '/metrics' ? { status: 200, body: 'app_requests 5\n' } : { status: 200, body: 'ok' },
    );
    const sample = await probesOn(app.target).sample();
    await app.close();
    expect(sampleSchema.parse(sample)).toEqual(sample);
    expect(sample).toMatchObject({
      health: { status: 200 },
      database: { maxConnections: 100, active: 0, idle: 0 },
      cache: { connectedClients: 1 },
      app: { requests: 5, poolSize: null },
    });
  });

  test('tells the versions of its parts; a part that does not answer is left out', async () => {
    const body = 'nodejs_version_info{version="v24.1.0",major="24"} 1\nshop_build_info{version="2.3"} 1\n';
    const app = await anApp((path) => (path === '/metrics' ? { status: 200, body } : { status: 200, body: 'ok' }));
    const versions = await probesOn(app.target).versions();
    const without = await probesOn({ ...app.target, cache: null }).versions();
    await app.close();
    expect(versions).toEqual({
      PostgreSQL: expect.stringMatching(/^\d+/),
      Redis: expect.stringMatching(/^\d+\.\d+/),
      nodejs: 'v24.1.0',
      shop: '2.3',
    });
    expect(without).toEqual({ PostgreSQL: versions.PostgreSQL, nodejs: 'v24.1.0', shop: '2.3' });
  });

  test('the observer does not count itself among the database clients', async () => {
    const sample = await Promise.all([probesOn().sample(), probesOn().sample(), probesOn().sample()]);
    for (const { database } of sample) expect(database).toMatchObject({ active: 0, idle: 0 });
  });

  test('answers each probe on a new connection, as a new client would find it', async () => {
    const app = await anApp(() => ({ status: 200, body: 'ok' }));
    const probes = probesOn(app.target);
    for (let i = 0; i < 3; i++) await probes.health(900);
    await app.close();
    expect(app.ports.size).toBe(3);
  });

  test('leaves no connection behind', async () => {
    const probes = probesOn();
    for (let i = 0; i < 5; i++) await probes.sample();
    const { cache } = await probes.sample();
    expect(cache).toMatchObject({ connectedClients: 1 });
  });

  test('that says 503 is measured, not failed', async () => {
    const app = await anApp(() => ({ status: 503, body: 'down' }));
    const { health, app: metrics } = await probesOn(app.target).sample();
    await app.close();
    expect(health).toMatchObject({ status: 503 });
    expect(metrics).toEqual({ error: 'metrics endpoint answered 503' });
  });
});

describe('what is not there', () => {
  test('a dependency that has stopped is not served, and says why', async () => {
    const port = await freePort();
    const probes = probesOn({
      database: { ...aTarget().database!, host: '127.0.0.1', port },
      cache: { ...aTarget().cache!, host: '127.0.0.1', port },
    });
    for (const which of ['database', 'cache'] as const) {
      const [answer, ms] = await timed(probes.dependency(which));
      expect(answer).toEqual({ served: false, detail: expect.stringContaining('ECONNREFUSED') });
      expect(ms).toBeLessThan(1000);
    }
  });

  test('a name that does not resolve is told as it is', async () => {
    const probes = probesOn({ cache: { ...aTarget().cache!, host: 'cache.invalid' } });
    const [answer, ms] = await timed(probes.dependency('cache'));
    expect(answer.served).toBe(false);
    expect(answer.detail).toMatch(/ENOTFOUND|EAI_AGAIN|no answer within/);
    expect(ms).toBeLessThan(2000);
  });

  test('a dependency that the target does not have is no answer', async () => {
    const { database, cache, app } = await probesOn({ database: null, cache: null, metrics: null }).sample();
    expect([database, cache, app]).toEqual([
      { error: 'the target has no database' },
      { error: 'the target has no cache' },
      { error: 'the target has no metrics endpoint' },
    ]);
  });

  test('an application that is gone gives an error for each of its two figures', async () => {
    const { health, app } = await probesOn({ endpoint: `http://127.0.0.1:${await freePort()}` }).sample();
    expect(health).toEqual({ error: expect.stringContaining('ECONNREFUSED') });
    expect(app).toEqual({ error: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('what is there and does not answer', () => {
  test.each(['database', 'cache'] as const)(
    'a frozen %s is given up in time, and measured again when it thaws',
    async (which) => {
      const service = which === 'database' ? postgres : redis;
      service.freeze();
      try {
        const [sample, ms] = await timed(probesOn().sample(600));
        expect(sample[which]).toEqual({ error: expect.stringMatching(/no answer within 600 ms|timeout|timed out/i) });
        expect(ms).toBeLessThan(900);
      } finally {
        service.thaw();
      }
      expect(await probesOn().dependency(which)).toMatchObject({ served: true });
    },
  );

  test('an endpoint that accepts and is silent is given up in time', async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const at = { host: '127.0.0.1', port };
    const probes = probesOn({
      endpoint: `http://127.0.0.1:${port}`,
      database: { ...aTarget().database!, ...at },
      cache: { ...aTarget().cache!, ...at },
    });
    const [{ t: _, at: __, ...results }, ms] = await timed(probes.sample(500));
    for (const socket of sockets) socket.destroy();
    silent.close();
    for (const result of Object.values(results)) {
      expect(result).toEqual({ error: expect.stringMatching(/no answer within 500 ms|timeout/i) });
    }
    expect(ms).toBeLessThan(800);
  });

  test('an application that is slower than its health limit is sick at that limit, not later', async () => {
    const app = await anApp(() => ({ status: 200, body: 'ok', delayMs: 2000 }));
    const [health, ms] = await timed(probesOn({ ...app.target, health: { path: '/', timeoutMs: 200 } }).health(900));
    await app.close();
    expect(health).toEqual({ error: expect.stringMatching(/within 200 ms|timeout/) });
    expect(ms).toBeLessThan(500);
  });

  test("an application's figures may come later than its health check", async () => {
    const app = await anApp(() => ({ status: 200, body: 'app_requests 5\n', delayMs: 700 }));
    const [late, ms] = await timed(probesOn(app.target).sample(400, 1500));
    const tooLate = await probesOn(app.target).sample(400);
    await app.close();
    expect(late).toMatchObject({ health: { error: expect.anything() }, app: { requests: 5 } });
    expect(ms).toBeLessThan(1400);
    expect(tooLate.app).toEqual({ error: expect.stringMatching(/400 ms|timeout/) });
  });

  test('a login that never comes does not hold the observer', async () => {
    const [sample, ms] = await timed(probesOn({}, () => new Promise(() => undefined)).sample(300));
    expect(sample.database).toEqual({ error: 'no answer within 300 ms' });
    expect(ms).toBeLessThan(600);
  });

  test('a login that is refused is told', async () => {
    const refused = async (): Promise<never> => {
      throw new Error('AccessDeniedException');
    };
    expect((await probesOn({}, refused).sample()).database).toEqual({ error: 'AccessDeniedException' });
  });
});

test('an error is told with its cause, and briefly', () => {
  expect(describeError(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }))).toBe(
    'fetch failed: ECONNRESET',
  );
  expect(describeError(new Error('plain'))).toBe('plain');
  expect(describeError('text')).toBe('text');
  expect(describeError(null)).toBe('null');
  expect(describeError(new Error('x'.repeat(5000)))).toHaveLength(300);
});
