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
  return key !== undefined && isSecret(key);
}

const isSecret = (key: string) => key !== 'test' && !/^\d{12}$/.test(key);

/** Whether it is a form that is uploaded to S3: its signature is among its fields. */
export function isForm(method: string | undefined, headers: IncomingHttpHeaders): boolean {
  return method === 'POST' && /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
}

const formKey = /\bname="?(?:x-amz-credential|awsaccesskeyid)"?[\s\S]*?\r\n\r\n([^/\r\n]*)/gi;

/** As `isIdentified`, of a form: each key that it names has to be somebody's, since the emulator takes but one of them. */
export function isIdentifiedForm(body: Buffer): boolean {
  const keys = [...body.toString('latin1').matchAll(formKey)].map(([, key]) => key!);
  return keys.length > 0 && keys.every((key) => key !== '' && isSecret(key));
}
