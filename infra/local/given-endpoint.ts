const thisMachine = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The AWS-compatible endpoint, running already, that a local run is to use in place of one of its own; null without one.
 * @throws RangeError, in one line, when FAULTLINE_ENDPOINT is not an address of this machine
 */
export function endpointFromEnvironment(env: NodeJS.ProcessEnv = process.env): string | null {
  const text = env.FAULTLINE_ENDPOINT;
  if (!text) return null;
  const url = URL.parse(text);
  if (url?.protocol !== 'http:' || !thisMachine.includes(url.hostname) || url.pathname !== '/' || url.search !== '') {
    throw new RangeError(
      `FAULTLINE_ENDPOINT is "${text}"; it has to be an endpoint on this machine, such as http://127.0.0.1:4566`,
    );
  }
  return url.origin;
}
