import type { IncomingHttpHeaders } from 'node:http';

/** The access key id that a request names, in its Authorization header or presigned query; undefined for none. */
export function accessKeyOf(headers: IncomingHttpHeaders, url: string): string | undefined {
  const authorization = headers.authorization ?? '';
  const signed = authorization.startsWith('AWS4-HMAC') ? /Credential=([^/]+)\//.exec(authorization)?.[1] : undefined;
  if (signed !== undefined) return signed;
  const query = new URL(url, 'http://gateway').searchParams;
  const presigned = query.get('X-Amz-Credential')?.split('/')[0] || query.get('AWSAccessKeyId');
  return presigned || undefined;
}

const openPaths = new Set(['/_ministack/health', '/_ministack/ready']);

/**
 * Whether the emulator may decide on a request. It takes no key at all, the key `test` and an account's number for
 * root, without looking at the signature: nobody outside is to come in that way. (The stack's own root key is a secret.)
 */
export function isIdentified(headers: IncomingHttpHeaders, url: string): boolean {
  if (openPaths.has(new URL(url, 'http://gateway').pathname)) return true;
  const key = accessKeyOf(headers, url);
  return key !== undefined && key !== 'test' && !/^\d{12}$/.test(key);
}
