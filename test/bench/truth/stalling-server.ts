import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers at once, but for the stalls: whoever asks during one is answered at its end. */
export class StallingServer {
  private readonly server: Server;
  private waiting: ServerResponse[] | null = null;

  private constructor() {
    this.server = createServer((request, response) => {
      request.resume();
      if (this.waiting) this.waiting.push(response);
      else response.end('fine');
    });
    this.server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<StallingServer> {
    const made = new StallingServer();
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stall(): void {
    this.waiting ??= [];
  }

  goOn(): void {
    const answered = this.waiting ?? [];
    this.waiting = null;
    for (const response of answered) response.end('fine');
  }

  async stop(): Promise<void> {
    this.goOn();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
