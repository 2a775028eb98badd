import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { TestService } from '../../support/services.ts';

const main = path.resolve('infra/slow-query/main.ts');

/** The task's program as its own process, as it runs in a container. */
export class SlowQueryProgram {
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
  output = '';

  constructor(database: TestService, environment: Record<string, string | undefined> = {}, user = 'postgres') {
    this.child = spawn(process.execPath, [main], {
      env: {
        PATH: process.env.PATH,
        PGHOST: '127.0.0.1',
        PGPORT: String(database.port),
        PGDATABASE: 'postgres',
        PGUSER: user,
        PGPASSWORD: 'any',
        FAULTLINE_SESSION_NAME: 'faultline-slow-test',
        FAULTLINE_TABLES: 'stories,users,whispers',
        FAULTLINE_SESSIONS: '3',
        FAULTLINE_HOLD_SECONDS: '1',
        FAULTLINE_NOT_AFTER: '99999999999',
        FAULTLINE_SECONDS: '60',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer) => {
      this.output += chunk;
    };
    this.child.stdout?.on('data', keep);
    this.child.stderr?.on('data', keep);
    this.ended = once(this.child, 'exit').then(([code]) => code);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
