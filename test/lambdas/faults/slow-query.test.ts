import type { Task } from '@aws-sdk/client-ecs';
import { Client } from 'pg';
import type { EcsServices } from '../../../lambdas/aws/ecs-services.client.ts';
import { type FaultIo, FaultRefused } from '../../../lambdas/faults/fault.ts';
import { bindFault } from '../../../lambdas/faults/registry.ts';
import { BlockingSessions } from '../../../lambdas/slow-query/blocking-sessions.client.ts';
import { sessionName } from '../../../lambdas/slow-query/session-name.ts';
import type { SlowQueryTasks } from '../../../lambdas/slow-query/slow-query-tasks.client.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { eventually } from '../../infra/local/probe.ts';
import { SlowQueryProgram } from '../../infra/slow-query/slow-query-program.ts';
import { startPostgres, type TestService } from '../../support/services.ts';
import { fakeClock } from '../support/clock.ts';
import { FakeServices, noHosts, probesOf, type Service } from '../support/dependencies.ts';
import { aRun, start } from '../support/run.ts';
import { aTarget } from '../support/target.ts';

jest.setTimeout(40_000);

const block = bindFault({ id: 'slow-query', parameters: { sessions: 3, holdSeconds: 10 } });
const tables = ['stories', 'users', 'whispers'];

let postgres: TestService;
let app: Client;
beforeAll(async () => {
  postgres = await startPostgres();
  app = new Client({ connectionString: postgres.url, application_name: 'shop' });
  await app.connect();
  for (const table of tables) await app.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
}, 40_000);
afterAll(async () => {
  await app.end();
  await postgres.remove();
});

/** Tasks of one run whose program is a process of this machine. */
class Tasks implements Pick<SlowQueryTasks, 'start' | 'of' | 'living' | 'stop'> {
  readonly variables: Record<string, string>[] = [];
  /** What ECS says; the program that there is behind it may be none. */
  task: Task | null = null;
  program: SlowQueryProgram | null = null;
  isStuck = false;
  isThrottled = false;

  async start(_runId: string, _targetId: string, variables: Record<string, string>): Promise<void> {
    this.variables.push(variables);
    this.task = { lastStatus: 'RUNNING', startedAt: new Date(start * 1000) };
    if (this.isStuck || this.program) return;
    // The clock of these tests is another one than the program's.
    this.program = new SlowQueryProgram(postgres, { ...variables, FAULTLINE_NOT_AFTER: '99999999999' });
  }

  async of(): Promise<Task[]> {
    return this.task ? [this.task] : [];
  }

  async living(): Promise<Task[]> {
    return (await this.of()).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  }

  async stop(): Promise<void> {
    if (this.isThrottled) throw new Error('ThrottlingException');
    this.program?.child.kill('SIGTERM');
    await this.program?.ended;
    if (this.task) this.task.lastStatus = 'STOPPED';
  }
}

const databaseAt = (changes: Partial<NonNullable<Target['database']>> = {}) =>
  ({ ...aTarget().database!, host: '127.0.0.1', port: postgres.port, name: 'postgres', tables, ...changes }) as const;

let tasks: Tasks;
afterEach(() => tasks?.program?.kill());

function on(changes: Partial<Target> = {}, service: Partial<Service> = {}, username = 'postgres') {
  const target = aTarget({ database: databaseAt(), ...changes });
  const services = new FakeServices({ database: service, cache: {} });
  const clock = fakeClock(start);
  tasks = new Tasks();
  const io: FaultIo = {
    target,
    clock,
    ecs: services as unknown as EcsServices,
    hosts: noHosts,
    slowQuery: {
      sessions: new BlockingSessions(target, async () => ({ username, password: 'any' })),
      tasks: () => tasks as unknown as SlowQueryTasks,
    },
    probes: probesOf(services),
  };
  const run = aRun({ runId: 'run-1', scenario: 'slow-query' });
  /** As it comes back from the undo record. */
  const captured = async () => JSON.parse(JSON.stringify(await block.capture(io, run)));
  return { io, run, clock, captured };
}

/** While a statement of the application waits for the tables, which are locked. */
async function withWaitingApp<T>(work: () => Promise<T>): Promise<T> {
  await eventually('the tables are locked', locked, 10);
  const waiting = app.query('SELECT * FROM users');
  try {
    return await work();
  } finally {
    await tasks.program?.kill();
    await waiting;
  }
}

const proven = (io: FaultIo, original: unknown) =>
  eventually(
    'it is proven',
    async () => {
      const proof = await block.prove(io, original);
      return proof.proven && proof;
    },
    10,
  );

async function locked(): Promise<boolean> {
  const { rows } = await app.query(
    "SELECT count(*)::int FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' AND relation = 'whispers'::regclass",
  );
  return rows[0].count === 1;
}

const sessionsNamed = async (name: string): Promise<number> => {
  const { rows } = await app.query('SELECT count(*)::int FROM pg_stat_activity WHERE application_name = $1', [name]);
  return rows[0].count;
};

describe('a database is not blocked', () => {
  test.each<[string, Partial<Target>]>([
    ['that the target does not have', { database: null }],
    ['whose tables nobody has named', { database: aTarget().database! }],
  ])('%s', async (_what, changes) => {
    const { io } = on(changes);
    expect(block.lacks(io.target)).toBe('no database with tables that may be locked');
    await expect(block.check(io)).rejects.toThrow("target 'shop' has no database with tables that may be locked");
    await expect(block.touches(io)).rejects.toThrow(FaultRefused);
  });

  test('without the opt-in tag', async () => {
    const { io, captured } = on({}, { optedIn: false });
    await expect(block.check(io)).rejects.toThrow('ECS service database has not the tag faultline:opt-in = true');
    await expect(captured()).rejects.toThrow(FaultRefused);
  });

  test('that has not the tables', async () => {
    const { captured } = on({ database: databaseAt({ tables: ['users', 'orders', 'other.users'] }) });
    await expect(captured()).rejects.toThrow('cannot be blocked: it has no table orders, other.users');
  });

  test('by a login that may not lock them, or not see who waits', async () => {
    await app.query(`CREATE ROLE guest LOGIN; CREATE ROLE locker LOGIN; GRANT MAINTAIN ON users, stories TO guest;
                     GRANT MAINTAIN ON users, stories, whispers TO locker`);
    await expect(on({}, {}, 'guest').captured()).rejects.toThrow('its login may not lock whispers: grant it MAINTAIN');
    await expect(on({}, {}, 'locker').captured()).rejects.toThrow('may not see who waits: grant it pg_monitor');
    await app.query('GRANT pg_monitor TO locker');
    expect(await on({}, {}, 'locker').captured()).toMatchObject({ tables, sessionName: 'faultline-slow-run-1' });
  });
});

test('what would be touched is told with its name and in words', async () => {
  expect(await block.touches(on().io)).toEqual([
    {
      kind: 'service',
      id: 'shop/database',
      change:
        'ECS service database in cluster shop: 3 sessions lock its tables stories, users, whispers in turn, 10 s each, and are ended',
    },
  ]);
});

test('the task gets its limits from what was captured, the same each time', async () => {
  const { io, clock, captured } = on();
  const original = await captured();
  await block.inject(io, original);
  clock.set(start + 60);
  await block.inject(io, original);
  expect(tasks.variables[0]).toMatchObject({
    PGHOST: '127.0.0.1',
    PGDATABASE: 'postgres',
    FAULTLINE_TABLES: 'stories,users,whispers',
    FAULTLINE_SESSIONS: '3',
    FAULTLINE_NOT_AFTER: String(start + 300),
    FAULTLINE_SECONDS: String(20 + 30),
  });
  expect(tasks.variables[1]).toEqual(tasks.variables[0]);
});

describe('the proof that it landed', () => {
  test('needs all tables in the hands of one session, and somebody who waits', async () => {
    const { io, captured } = on();
    const original = await captured();
    expect(await block.prove(io, original)).toMatchObject({ proven: false });
    await block.inject(io, original);
    await eventually('the sessions are there', async () => (await sessionsNamed(original.sessionName)) === 3, 10);
    const alone = await block.prove(io, original);
    expect(alone).toMatchObject({ proven: false, detail: expect.stringMatching(/3 of the 3 tables .*; 0 other/) });
    const { detail } = await withWaitingApp(() => proven(io, original));
    expect(detail).toBe(
      '3 sessions named faultline-slow-run-1, one of which has 3 of the 3 tables (stories, users, whispers) for itself; 1 other sessions wait for them',
    );
  });

  test('is not given by somebody else who blocks the tables', async () => {
    const { io, captured } = on();
    const original = await captured();
    const other = new Client({ connectionString: postgres.url, application_name: 'migration' });
    await other.connect();
    await other.query(`BEGIN; LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
    const waiting = app.query('SELECT * FROM users');
    expect(await block.prove(io, original)).toMatchObject({ proven: false, detail: expect.stringMatching(/^0 sess/) });
    expect((await block.proveGone(io, original)).proven).toBe(false);
    await other.end();
    await waiting;
  });

  test('is given up when the task says that it runs and locks nothing', async () => {
    const { io, clock, captured } = on();
    const original = await captured();
    tasks.isStuck = true;
    await block.inject(io, original);
    clock.set(start + 30);
    expect((await block.prove(io, original)).isFinal).toBeUndefined();
    clock.set(start + 31);
    const proof = await block.prove(io, original);
    expect(proof).toMatchObject({
      proven: false,
      isFinal: true,
      detail: expect.stringMatching(/^its task has run for 31 s; 0 sess/),
    });
  });

  test('is given up at once when the task has stopped, with its exit code', async () => {
    const { io, captured } = on();
    const original = await captured();
    tasks.task = { lastStatus: 'STOPPED', stoppedReason: 'Essential container exited', containers: [{ exitCode: 66 }] };
    expect(await block.prove(io, original)).toMatchObject({
      isFinal: true,
      detail: expect.stringMatching(/^its task has stopped with exit code 66: Essential container exited; 0 sess/),
    });
  });
});

describe('the way back', () => {
  test('ends exactly the sessions of the run, as often as it is asked to', async () => {
    const { io, captured } = on();
    const original = await captured();
    const other = new Client({ connectionString: postgres.url, application_name: sessionName('run-12') });
    await other.connect();
    await block.inject(io, original);
    await withWaitingApp(async () => {
      await proven(io, original);
      expect((await block.proveGone(io, original)).proven).toBe(false);
      for (let i = 0; i < 3; i++) await block.revert(io, original);
    });
    expect(await block.proveGone(io, original)).toEqual({
      proven: true,
      detail:
        '0 tasks of the run, 0 sessions named faultline-slow-run-1, 0 other sessions wait for them; stories, users, whispers can be read',
    });
    expect(await sessionsNamed(original.sessionName)).toBe(0);
    await other.query('SELECT 1');
    await other.end();
  });

  test('does not depend on ECS: throttled there, the sessions are ended all the same, and the failure is told', async () => {
    const { io, captured } = on();
    const original = await captured();
    await block.inject(io, original);
    await withWaitingApp(async () => {
      await proven(io, original);
      tasks.isThrottled = true;
      await expect(block.revert(io, original)).rejects.toThrow('ThrottlingException');
      expect(await tasks.program!.ended).toBe(0);
    });
    const living = await block.proveGone(io, original);
    expect(living).toMatchObject({ proven: false, detail: expect.stringMatching(/^1 tasks of the run, 0 sessions/) });
    tasks.isThrottled = false;
    await block.revert(io, original);
    expect((await block.proveGone(io, original)).proven).toBe(true);
  });

  test('does not depend on the database: out of reach, the task is stopped all the same', async () => {
    const { io, captured } = on();
    const original = await captured();
    await block.inject(io, original);
    await withWaitingApp(() => proven(io, original));
    const away = on({ database: databaseAt({ port: 1 }) }).io;
    const running = { lastStatus: 'RUNNING' };
    tasks.task = running;
    await expect(block.revert(away, original)).rejects.toThrow(/ECONNREFUSED/);
    expect(running.lastStatus).toBe('STOPPED');
    expect(await block.proveGone(away, original)).toMatchObject({
      proven: false,
      detail: expect.stringMatching(/^not measured: .*ECONNREFUSED/),
    });
    tasks.isThrottled = true;
    await expect(block.revert(away, original)).rejects.toThrow(/ECONNREFUSED.*; ThrottlingException/);
  });

  test.each([[{ sessionName: 'shop' }], [{ tables: 'users' }], [{}], [null]])(
    'is not taken from an undo record that holds %j',
    async (damage) => {
      const { io, captured } = on();
      const original = damage && Object.keys(damage).length ? { ...(await captured()), ...damage } : damage;
      await expect(block.revert(io, original)).rejects.toThrow();
      await app.query('SELECT 1');
    },
  );
});

test.each([
  [{}],
  [{ sessions: 1, holdSeconds: 10 }],
  [{ sessions: 2, holdSeconds: 0 }],
  [{ sessions: 2.5, holdSeconds: 1 }],
])('parameters %j are refused', (parameters) => {
  expect(() => bindFault({ id: 'slow-query', parameters: parameters as never })).toThrow();
});
