import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers the sample's users as its application does, at once and without remembering anything. */
export class AnsweringServer {
  requests = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      this.requests++;
      request.resume();
      const isWrite = request.method === 'POST';
      response.writeHead(isWrite ? 201 : 200, { 'content-type': 'application/json' });
      response.end(isWrite ? '{}' : '{"stories":[{"id":"00000000-0000-4000-8000-000000000000"}]}');
    });
    this.server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<AnsweringServer> {
    const made = new AnsweringServer();
    await new Promise<void>((resolve) => made.server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
