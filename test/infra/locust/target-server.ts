import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const problem = JSON.stringify({ type: 'about:blank', title: 'Trouble', status: 0, detail: 'äöü '.repeat(200) });

/** An HTTP server that does what the path asks for and counts every request that reached it. */
export class TargetServer {
  readonly served = new Map<string, number>();
  readonly statuses = new Map<number, number>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<TargetServer> {
    const target = new TargetServer();
    await new Promise<void>((resolve) => target.server.listen(0, '127.0.0.1', resolve));
    return target;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get requests(): number {
    return [...this.served.values()].reduce((a, b) => a + b, 0);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://target');
    count(this.served, pathname);
    request.resume();
    if (pathname === '/reset') return void request.socket.destroy();
    if (pathname === '/slow') await sleep(Number(searchParams.get('ms')));
    const status = Number(/^\/status\/(\d+)$/.exec(pathname)?.[1] ?? 200);
    count(this.statuses, status);
    if (status === 429 || status === 503) response.setHeader('retry-after', '1');
    if (status >= 400) response.setHeader('content-type', 'application/problem+json');
    response.writeHead(status).end(status >= 400 ? problem : 'fine');
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
