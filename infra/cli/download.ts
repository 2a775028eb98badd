import { inOneLine } from '../../lambdas/aws/one-line.ts';

/** What a presigned link leads to. @throws Error, in one line and without the link, which whoever has it could use */
export async function download(url: string): Promise<Buffer> {
  const { host } = new URL(url);
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${host} could not be reached: ${inOneLine((cause as Error | undefined)?.message || message)}`);
  }
  if (!response.ok) throw new Error(`${host} answered with HTTP status ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
