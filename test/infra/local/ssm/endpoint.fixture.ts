import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Gateway } from '../../../../infra/local/ecs/gateway.ts';
import type { Scheduler } from '../../../../infra/local/ecs/scheduler.ts';
import { Throttle } from '../../../../infra/local/ecs/throttle.ts';
import { ministackEnvironment } from '../../../../infra/local/sandbox/ministack.ts';
import type { SandboxConfig } from '../../../../infra/local/sandbox/protocol.ts';
import type { DocumentSource } from '../../../../infra/local/ssm/command-document.ts';
import { SystemsManager } from '../../../../infra/local/ssm/systems-manager.ts';
import { freePort } from '../../../support/services.ts';
import { python, repository } from '../probe.ts';
import { fastClock, type LocalHost } from './local-host.fixture.ts';

export const [region, account] = ['us-east-1', '000000000000'];

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** The emulator and the gateway before it, with hosts of this process: all that a client of Systems Manager meets. */
export class Endpoint {
  readonly throttle = new Throttle();
  private readonly root: Credentials = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: randomUUID() };
  private readonly folder = mkdtempSync(join(tmpdir(), 'faultline-ssm-'));
  private readonly ends: (() => unknown)[] = [];
  private endpoint = '';

  /** So many seconds of a command go by in one. */
  async start(documents: readonly DocumentSource[], hosts: () => readonly LocalHost[], factor: number): Promise<void> {
    const emulatorPort = await this.startEmulator();
    const clock = fastClock(factor);
    const systemsManager = new SystemsManager({ documents, hosts, region, account, clock });
    const gateway = new Gateway({} as Scheduler, systemsManager, this.throttle, emulatorPort);
    const port = await freePort();
    const server = await gateway.listen({ host: '127.0.0.1', port });
    this.ends.push(
      () => server.closeAllConnections(),
      () => server.close(),
    );
    this.endpoint = `http://127.0.0.1:${port}`;
  }

  private async startEmulator(): Promise<number> {
    const port = await freePort();
    // Its temporary folder, or it takes the machine's.
    mkdirSync(join(this.folder, 'tmp'));
    const config = { stateDir: this.folder, path: process.env.PATH, region, account, root: this.root };
    const program = join(repository, 'infra', 'local', 'sandbox', 'authorizing_ministack.py');
    const child = spawn(python, [program], {
      cwd: this.folder,
      env: { ...ministackEnvironment(config as SandboxConfig), GATEWAY_PORT: String(port) },
      stdio: 'ignore',
    });
    this.ends.push(
      () => child.kill('SIGKILL'),
      () => once(child, 'exit'),
    );
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/_ministack/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    for (let tries = 0; !(await isReady()); tries++) {
      if (tries > 200) throw new Error('the emulator did not answer within 20 s');
      await sleep(100);
    }
    return port;
  }

  settings(credentials = this.root) {
    return { endpoint: this.endpoint, region, credentials, maxAttempts: 1 };
  }

  client(credentials?: Credentials): SSMClient {
    return new SSMClient(this.settings(credentials));
  }

  /** A user who may do this and nothing else. */
  async user(
    ...statements: object[]
  ): Promise<{ credentials: Credentials; client: SSMClient; may: (...statements: object[]) => Promise<void> }> {
    const iam = new IAMClient(this.settings());
    const UserName = randomUUID();
    await iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const may = async (...now: object[]) => {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: now });
      await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'only', PolicyDocument }));
    };
    await may(...statements);
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    return { credentials, client: this.client(credentials), may };
  }

  async stop(): Promise<void> {
    for (const end of this.ends) await end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
