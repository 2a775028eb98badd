import { randomUUID } from 'node:crypto';
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { ListenOptions } from 'node:net';
import { apiPort } from '../addresses.ts';
import type { Permission } from '../ssm/permissions.ts';
import { isOperation, type Operation } from '../ssm/requests.ts';
import { SsmError } from '../ssm/ssm-error.ts';
import type { SystemsManager } from '../ssm/systems-manager.ts';
import { isForm, isIdentified, isIdentifiedForm } from './access-key.ts';
import { answerTruly, isMutation } from './answers.ts';
import { type Answer, answerAutoScaling, autoScalingTarget } from './auto-scaling.ts';
import type { Wire } from './overlay.ts';
import type { Scheduler } from './scheduler.ts';
import type { Refusal, Throttle } from './throttle.ts';

const ecsTarget = /^AmazonEC2ContainerServiceV20141113\.(\w+)$/;
const ssmTarget = /^AmazonSSM\.(\w+)$/;
/** The emulator's answer to a request with it is whether the caller may do what it says: sandbox/authorization.py. */
const authorizeHeader = 'x-faultline-authorize';

/**
 * An endpoint for every AWS API. All requests go to the emulator as they came, headers and body, so that it verifies
 * the signature and authorizes; its errors come back as they are. Answers of ECS tell the truth about processes
 * instead of what the emulator takes for it; what Systems Manager does with managed hosts is done here, once the emulator
 * has said that the caller may.
 */
export class Gateway {
  private readonly scheduler: Scheduler;
  private readonly systemsManager: SystemsManager;
  private readonly throttle: Throttle;
  private readonly emulatorPort: number;
  private readonly agent = new Agent({ keepAlive: true });

  constructor(scheduler: Scheduler, systemsManager: SystemsManager, throttle: Throttle, emulatorPort = apiPort) {
    this.scheduler = scheduler;
    this.systemsManager = systemsManager;
    this.throttle = throttle;
    this.emulatorPort = emulatorPort;
  }

  listen(options: ListenOptions): Promise<Server> {
    const server = createServer((incoming, response) => {
      this.handle(incoming, response).catch((error: Error) => fail(response, error));
    });
    // Uploads and long Lambda invocations are the emulator's to limit.
    server.requestTimeout = 0;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, () => resolve(server));
    });
  }

  private async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isIdentified(incoming.headers, incoming.url ?? '/')) return this.callUnsigned(incoming, response);
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const refusal = this.throttle.refusalOf(target);
    if (refusal !== undefined) return readAll(incoming).then(() => answerJson(response, refusal));
    const scaling = autoScalingTarget.exec(target)?.[1];
    if (scaling !== undefined) return answerDirectly(response, answerAutoScaling(scaling));
    const onHosts = ssmTarget.exec(target)?.[1];
    if (onHosts !== undefined && isOperation(onHosts)) return this.callSsm(incoming, response, onHosts);
    const operation = ecsTarget.exec(target)?.[1];
    if (operation === undefined) return passOn(response, await this.forward(incoming, incoming));
    const body = await readAll(incoming);
    const call = () => this.callEcs(incoming, response, operation, body);
    await (isMutation(operation) ? this.scheduler.change(clusterIn(body), call) : call()).then((send) => send());
  }

  /** A presigned form is signed in its body, which the emulator verifies; nothing else is let in without a key. */
  private async callUnsigned(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isForm(incoming.method, incoming.headers)) return refuse(response);
    const body = await readAll(incoming);
    if (!isIdentifiedForm(body)) return refuse(response);
    passOn(response, await this.forward(incoming, body));
  }

  /** Returns how to answer: after a change the answer waits until it is known what the change has brought about. */
  private async callEcs(
    incoming: IncomingMessage,
    response: ServerResponse,
    operation: string,
    body: Buffer,
  ): Promise<() => void> {
    const answer = await this.forward(incoming, body);
    const text = await readAll(answer);
    if (answer.statusCode !== 200) return () => reply(response, answer, text);
    const wire = JSON.parse(text.toString()) as Wire;
    const truth = await answerTruly(operation, wire, this.scheduler);
    return () => reply(response, answer, Buffer.from(JSON.stringify(truth())));
  }

  private async callSsm(incoming: IncomingMessage, response: ServerResponse, operation: Operation): Promise<void> {
    const body = await readAll(incoming);
    const contentType = 'application/x-amz-json-1.1';
    try {
      const call = this.systemsManager.call(operation, body.toString());
      for (const permission of call.permissions) {
        const answer = await this.forward(incoming, body, permission);
        const text = await readAll(answer);
        if (answer.statusCode !== 200) return reply(response, answer, text);
      }
      answerJson(response, { status: 200, contentType, body: call.answer() });
    } catch (error) {
      if (!(error instanceof SsmError)) throw error;
      answerJson(response, { status: 400, contentType, body: { __type: error.code, message: error.message } });
    }
  }

  /** @param permission asks whether the caller has it, in place of the call itself */
  private forward(
    incoming: IncomingMessage,
    body: IncomingMessage | Buffer,
    permission?: Permission,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.emulatorPort,
          method: incoming.method,
          path: incoming.url,
          headers: headersFor(incoming, permission),
          setHost: false,
          agent: this.agent,
        },
        resolve,
      );
      outgoing.once('error', reject);
      if (Buffer.isBuffer(body)) outgoing.end(body);
      else {
        body.once('error', (error) => outgoing.destroy(error));
        body.pipe(outgoing);
      }
    });
  }
}

/** The cluster that a request is about, a name or an ARN; what is no request the emulator refuses. */
function clusterIn(body: Buffer): string {
  try {
    return String((JSON.parse(body.toString()) as Wire).cluster ?? 'default');
  } catch {
    return 'default';
  }
}

/** Nobody outside asks, so that nobody answers the question in the caller's place. */
function headersFor({ rawHeaders }: IncomingMessage, permission: Permission | undefined): string[] {
  const own = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && name.toLowerCase() !== authorizeHeader ? [name, rawHeaders[at + 1]!] : [],
  );
  return permission === undefined ? own : [...own, authorizeHeader, inAscii(JSON.stringify(permission))];
}

/** A header takes no other characters, and JSON can be written in these alone. */
function inAscii(json: string): string {
  return json.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function passOn(response: ServerResponse, answer: IncomingMessage): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.rawHeaders);
  answer.on('error', () => response.destroy());
  answer.pipe(response);
}

function reply(response: ServerResponse, answer: IncomingMessage, body: Buffer): void {
  const headers: string[] = [];
  for (let at = 0; at < answer.rawHeaders.length; at += 2) {
    const name = answer.rawHeaders[at]!;
    if (!/^(content-length|transfer-encoding|connection)$/i.test(name)) headers.push(name, answer.rawHeaders[at + 1]!);
  }
  headers.push('content-length', String(body.length));
  response.writeHead(answer.statusCode ?? 502, headers);
  response.end(body);
}

function answerDirectly(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
  response.end(JSON.stringify(body));
}

function answerJson(
  response: ServerResponse,
  { status, contentType, body }: Omit<Refusal, 'body'> & { body: object },
): void {
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { 'content-type': 'application/x-amz-json-1.1', connection: 'close' });
  response.end(JSON.stringify({ __type: 'MissingAuthenticationToken', message: 'The request names no access key.' }));
}

function fail(response: ServerResponse, error: Error): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(502, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(
    JSON.stringify({ __type: 'ServerException', message: `the AWS emulator did not answer: ${error.message}` }),
  );
}
