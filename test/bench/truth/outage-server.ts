import { createServer, type Server } from 'node:http';
import { freePort } from '../../support/services.ts';

/** A server that can be away: then its port is closed and every connection that it had is reset. */
export class OutageServer {
  readonly port: number;
  private server: Server | null = null;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<OutageServer> {
    const made = new OutageServer(await freePort());
    await made.up();
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const server = createServer((request, response) => {
      request.resume();
      response.end('fine');
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.server = server;
  }

  down(): void {
    this.server?.close();
    this.server?.closeAllConnections();
    this.server = null;
  }
}
