import { Socket } from 'node:net';
import pg from 'pg';
import { DatabaseUnavailable, TookTooLong } from '../errors.ts';
import type { Limits } from '../limits.ts';

/** A failure that was a time-out, so that it is not tried again. */
export class ConnectionTimeout extends Error {
  override name = 'ConnectionTimeout';
}

export type SocketLimits = Pick<Limits, 'databaseTcpConnect' | 'cutAfter' | 'keepAlive'>;

/**
 * Opens sockets to the database and keeps hold of them, so that they can be cut when their peer has vanished. The host
 * name is resolved anew for each socket: a service that restarts has another address.
 */
export class SocketFactory {
  private readonly sockets = new Set<Socket>();
  private readonly limits: SocketLimits;

  constructor(limits: SocketLimits) {
    this.limits = limits;
  }

  readonly open = (): Socket => {
    const socket = new Socket();
    this.sockets.add(socket);
    const limit = this.limits.databaseTcpConnect;
    const timer = setTimeout(() => socket.destroy(new ConnectionTimeout(`no connection after ${limit} ms`)), limit);
    socket.once('connect', () => {
      clearTimeout(timer);
      // An idle connection to a vanished host is found by the kernel in 3 to 4 s. One with unacknowledged data is not
      // (retransmission suspends keep-alive): DatabaseMonitor cuts those.
      if (this.limits.keepAlive) socket.setKeepAlive(true, 1000, 1000, 3);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
    });
    return socket;
  };

  /** Cuts the connections that there are to `address`, which no longer answers; what runs on them fails at once. */
  cut(address: string): void {
    const dead = [...this.sockets].filter((socket) => socket.remoteAddress === address);
    const destroy = () => {
      for (const socket of dead) socket.destroy(new ConnectionTimeout(`${address} does not answer`));
    };
    if (this.limits.cutAfter === 0) destroy();
    else setTimeout(destroy, this.limits.cutAfter).unref();
  }
}

export function clientOptions(url: string, limits: Limits, sockets: SocketFactory): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: 'sample-app',
    connectionTimeoutMillis: limits.databaseConnect,
    statement_timeout: limits.statement || undefined,
    stream: sockets.open,
  };
}

/** SQLSTATE classes and codes that mean "not now" rather than "wrong". */
const notNow = [
  '08', // connection exception
  '53', // insufficient resources, too many connections among them
  '57P', // shutting down, crashed, starting up
  '42P01', // the schema is created as soon as a new database is seen; until then its tables are missing
  '25006', // read-only: a standby not promoted yet
];
const queryCancelled = '57014';

/** Maps what pg and the network throw to the application's errors; a genuine SQL error passes unchanged. */
export function toDatabaseError(error: unknown): Error {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    if (code === queryCancelled) return new TookTooLong('the database took too long', { cause: error });
    return notNow.some((prefix) => code.startsWith(prefix)) ? new DatabaseUnavailable(error, true) : error;
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  return new DatabaseUnavailable(cause, !isTimeout(cause));
}

function isTimeout(error: Error): boolean {
  return error instanceof ConnectionTimeout || /timeout/i.test(error.message) || /ETIMEDOUT/.test(error.message);
}
