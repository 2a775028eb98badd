import { apiPort } from './addresses.ts';

/** The port of the local AWS. @throws RangeError, in one line, when FAULTLINE_PORT is not a port */
export function portFromEnvironment(env: NodeJS.ProcessEnv = process.env): number {
  const text = env.FAULTLINE_PORT ?? String(apiPort);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new RangeError(`FAULTLINE_PORT is "${text}"; it has to be a port from 1 to 65535`);
  }
  return port;
}
