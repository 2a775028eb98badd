import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type DeployedApp, serviceOf } from '../../support/e2e-stack.ts';
import { makeLambda } from './make-lambda.ts';

/** What each service is asked, and how its answer begins when it serves. */
const questions = {
  /** Redis' own PING. */
  cache: { port: 6379, ask: Buffer.from('PING\r\n'), answer: '+PONG' },
  /** Postgres' start-up message: what follows when it takes sessions is the request for a password. */
  database: { port: 5432, ask: postgresStartUp('sample', 'sample'), answer: 'R' },
  /** Healthy again: the next run wants an application. */
  app: { port: 8000, ask: Buffer.from('GET /health HTTP/1.0\r\n\r\n'), answer: 'HTTP/1.1 200' },
} as const;

/** Asks the services of targets whether they serve. */
export class ServiceAsker {
  private readonly functionArn: string;
  private readonly lambda: LambdaClient;

  private constructor(functionArn: string, lambda: LambdaClient) {
    this.functionArn = functionArn;
    this.lambda = lambda;
  }

  /** A Lambda that is in the same network as they are, since it stays: a process for each question costs more than the rest. */
  static async make(app: DeployedApp, role: string): Promise<ServiceAsker> {
    return new ServiceAsker(await makeLambda(app, 'asks-services', { handler, role }), new LambdaClient(app.root));
  }

  /** A line for each service of the target that does not answer by its own protocol. */
  async silent(target: string): Promise<string[]> {
    const asked = Object.entries(questions).map(([service, { port, ask, answer }]) => {
      const host = `${serviceOf(service, target)}.faultline.internal`;
      return { service, host, port, ask: ask.toString('base64'), answer };
    });
    const { FunctionError, Payload } = await this.lambda.send(
      new InvokeCommand({ FunctionName: this.functionArn, Payload: JSON.stringify(asked) }),
    );
    const answer = Buffer.from(Payload!).toString();
    if (FunctionError) throw new Error(`the services could not be asked: ${answer}`);
    return JSON.parse(answer);
  }
}

const handler = `
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
  exports.handler = async (asked) => (await Promise.all(asked.map(ask))).flat();
`;

/** https://www.postgresql.org/docs/current/protocol-message-formats.html, StartupMessage in protocol 3.0. */
function postgresStartUp(user: string, database: string): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + parameters.length, 0);
  head.writeInt32BE(3 << 16, 4);
  return Buffer.concat([head, parameters]);
}
