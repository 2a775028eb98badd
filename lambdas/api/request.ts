import type { APIGatewayProxyEvent } from 'aws-lambda';

export class RouteUnknown extends Error {
  constructor(method: string, path: string) {
    super(`there is no ${method} ${path}`);
    this.name = 'RouteUnknown';
  }
}

export class MethodNotAllowed extends Error {
  readonly allowed: string[];

  constructor(method: string, path: string, allowed: string[]) {
    super(`${path} does not take ${method}; it takes ${allowed.join(', ')}`);
    this.name = 'MethodNotAllowed';
    this.allowed = allowed;
  }
}

export class MediaTypeUnsupported extends Error {
  constructor() {
    super('the body has to be application/json');
    this.name = 'MediaTypeUnsupported';
  }
}

export class NotJson extends Error {
  constructor(why: string) {
    super(`the body ${why}`);
    this.name = 'NotJson';
  }
}

export class BodyTooLarge extends Error {
  constructor(bytes: number) {
    super(`the body has ${bytes} bytes; at most ${mostBodyBytes} are taken`);
    this.name = 'BodyTooLarge';
  }
}

export class CallerUnknown extends Error {
  constructor() {
    super('the request has no IAM identity');
    this.name = 'CallerUnknown';
  }
}

export const mostBodyBytes = 64 * 1024;

/** Who asks, as IAM has it: nobody can say so in a body. @throws CallerUnknown */
export function callerOf({ requestContext: { identity } }: APIGatewayProxyEvent): string {
  const caller = identity.userArn ?? identity.caller;
  if (!caller) throw new CallerUnknown();
  return caller;
}

/** A header by its name in small letters; names come as the client wrote them. */
export function headerOf({ headers }: APIGatewayProxyEvent, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

/** A value that is there twice is a list, which nothing takes. What belongs to the signature is nobody's question. */
export function queryOf({ multiValueQueryStringParameters: all }: APIGatewayProxyEvent): Record<string, unknown> {
  const own = Object.entries(all ?? {}).filter(([name]) => !/^x-amz-/i.test(name));
  return Object.fromEntries(own.map(([name, values]) => [name, values?.length === 1 ? values[0] : values]));
}

/** @throws BodyTooLarge, MediaTypeUnsupported, NotJson */
export function jsonOf(event: APIGatewayProxyEvent): unknown {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > mostBodyBytes) throw new BodyTooLarge(body.length);
  if (body.length === 0) throw new NotJson('is missing');
  const mediaType = headerOf(event, 'content-type')?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') throw new MediaTypeUnsupported();
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    // The parser's own message quotes the body.
    throw new NotJson('is not JSON');
  }
}
