import type { Config } from './config.ts';

/** Every time limit of the application in one place; milliseconds. */
export interface Limits {
  /** A whole request; 0 is no limit. */
  request: number;
  /** TCP connect to the database, name resolution included. An address that went away drops SYNs silently. */
  databaseTcpConnect: number;
  /** TCP connect and log-in together: several round trips. */
  databaseConnect: number;
  /** One statement, enforced by the server, so that nothing runs for a caller who has given up; 0 is no limit. */
  statement: number;
  /** After a database address has been seen to be gone, until the connections to it are cut. */
  cutAfter: number;
  /** Whether the kernel looks for vanished peers of idle connections. */
  keepAlive: boolean;
  /** Half-open after this long, for both breakers. */
  breakerHalfOpenAfter: number;
  cacheConnect: number;
  /** One cache command: past this the database is the better choice. */
  cacheCommand: number;
}

/** What "no time-outs" is in practice: the defaults somewhere below end the wait, far too late for the caller. */
const generous = 5000;

export function limitsOf(config: Pick<Config, 'REQUEST_LIMIT_MS' | 'FRAGILE'>): Limits {
  const limits: Limits = {
    request: config.REQUEST_LIMIT_MS,
    databaseTcpConnect: 1000,
    databaseConnect: 3000,
    statement: config.REQUEST_LIMIT_MS,
    cutAfter: 0,
    keepAlive: true,
    breakerHalfOpenAfter: 1000,
    cacheConnect: 1000,
    cacheCommand: 100,
  };
  if (!config.FRAGILE.noTimeouts) return limits;
  return {
    ...limits,
    request: 0,
    databaseTcpConnect: generous,
    databaseConnect: generous,
    statement: 0,
    cutAfter: 20_000,
    keepAlive: false,
    cacheConnect: generous,
    cacheCommand: generous,
  };
}
