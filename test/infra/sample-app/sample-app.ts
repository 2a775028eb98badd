import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, freePort, type TestService } from '../../support/services.ts';

const main = path.resolve('infra/sample-app/main.ts');

export interface Answer {
  status: number;
  headers: Headers;
  body: string;
  ms: number;
}

/** The application as its own process, as it runs in a container. */
export class SampleApp {
  private readonly child: ChildProcess;
  /** Where it is reached. */
  readonly url: string;
  log = '';

  private constructor(child: ChildProcess, base: string) {
    this.child = child;
    this.url = base;
    const keep = (chunk: Buffer) => {
      this.log += chunk;
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** @param command what runs node, where it has to run in special surroundings */
  static async start(
    database: Pick<TestService, 'url'>,
    cache: Pick<TestService, 'url'>,
    env: Record<string, string> = {},
    command: string[] = [],
  ): Promise<SampleApp> {
    const port = await freePort();
    const [file = '', ...args] = [...command, process.execPath, main];
    const child = spawn(file, args, {
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_URL: database.url,
        REDIS_URL: cache.url,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const app = new SampleApp(child, `http://127.0.0.1:${port}`);
    try {
      await app.until(async () => (await app.get('/')).status > 0, 30_000);
    } catch (error) {
      await app.stop('SIGKILL');
      throw error;
    }
    return app;
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(url, { headers });
  }

  post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** The value of one series, summed over its labels; undefined where there is none. */
  async metric(name: string): Promise<number | undefined> {
    const { body } = await this.get('/metrics');
    const values = body
      .split('\n')
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .map((line) => Number(line.slice(line.lastIndexOf(' '))));
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  }

  async health(): Promise<number> {
    return (await this.get('/health')).status;
  }

  healthy(limitMs = 10_000): Promise<number> {
    return this.until(async () => (await this.health()) === 200, limitMs);
  }

  /** Waits for a condition and returns how long that took, in milliseconds; errors count as 'not yet'. */
  async until(condition: () => Promise<boolean>, limitMs: number): Promise<number> {
    const start = performance.now();
    for (;;) {
      if (await condition().catch(() => false)) return performance.now() - start;
      if (performance.now() - start > limitMs) throw new Error(`not within ${limitMs} ms; the log: ${this.log}`);
      await sleep(25);
    }
  }

  /** Resolves with the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    await end(this.child, signal);
    return this.child.exitCode;
  }

  private async request(url: string, init: RequestInit): Promise<Answer> {
    const start = performance.now();
    const response = await fetch(this.url + url, init);
    const body = await response.text();
    return { status: response.status, headers: response.headers, body, ms: performance.now() - start };
  }
}

export const newUser = (id = randomUUID()) => ({ id, name: 'Ada' });
export const newStory = (id = randomUUID()) => ({ id, userId: randomUUID(), title: 'A title', body: 'A body' });
export const newWhisper = (id = randomUUID()) => ({
  id,
  userId: randomUUID(),
  storyId: randomUUID(),
  text: 'psst',
});
