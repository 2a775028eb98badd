import type { DeployedApp } from '../support/e2e-stack.ts';

/** @throws the signal's reason, or that the stack has died */
export function untilStopped<T>(app: DeployedApp, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => ended.reject(signal.reason), { once: true });
  if (signal.aborted) ended.reject(signal.reason);
  app.stack.died.then((reason) => ended.reject(new Error(`the stack died: ${reason}`)));
  return Promise.race([work, ended.promise]);
}
