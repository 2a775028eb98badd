import { node } from '../../infra/local/probe.ts';
import { type DeployedApp, serviceOf } from '../../support/e2e-stack.ts';

/** What each service is asked, and how its answer begins when it serves. */
const questions = {
  /** Redis' own PING. */
  cache: { port: 6379, ask: Buffer.from('PING\r\n'), answer: '+PONG' },
  /** Postgres' start-up message: what follows when it takes sessions is the request for a password. */
  database: { port: 5432, ask: postgresStartUp('sample', 'sample'), answer: 'R' },
  /** Healthy again: the next run wants an application. */
  app: { port: 8000, ask: Buffer.from('GET /health HTTP/1.0\r\n\r\n'), answer: 'HTTP/1.1 200' },
} as const;

/** A line for each service of the target that does not answer by its own protocol. */
export async function silentServices(app: DeployedApp, target: string): Promise<string[]> {
  const asked = Object.entries(questions).map(([service, { port, ask, answer }]) => {
    const host = `${serviceOf(service, target)}.faultline.internal`;
    return { service, host, port, ask: ask.toString('base64'), answer };
  });
  const { code, stdout, stderr } = await app.stack.exec([node, '-e', program, JSON.stringify(asked)]);
  if (code !== 0) throw new Error(`the services could not be asked: ${stderr}`);
  return JSON.parse(stdout);
}

const program = `
  const { createConnection } = require('node:net');
  const ask = ({ service, host, port, ask, answer }) =>
    new Promise((resolve) => {
      const socket = createConnection({ host, port, timeout: 3000 });
      const end = (text) => { socket.destroy(); resolve(text); };
      socket.on('connect', () => socket.write(Buffer.from(ask, 'base64')));
      socket.on('data', (data) => end(data.toString('latin1').startsWith(answer) ? [] : [service + ' answers ' + data]));
      socket.on('timeout', () => end([service + ' does not answer']));
      socket.on('error', (error) => end([service + ': ' + error.code]));
    });
  Promise.all(JSON.parse(process.argv[1]).map(ask)).then((lines) => console.log(JSON.stringify(lines.flat())));
`;

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage in protocol 3.0. */
function postgresStartUp(user: string, database: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, parameters]);
}
