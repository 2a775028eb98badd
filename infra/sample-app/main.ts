import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { ConfigError, loadConfig } from './config.ts';

const drainMs = 5000;
/** FRAGILE slowStart: as who fills caches or migrates tables before listening. */
const slowStartMs = 10_000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const app = buildApp(config);
  // As PID 1 of a container a process has no default signal handlers: without these it would ignore SIGTERM.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => drain(app, signal));
  if (config.FRAGILE.slowStart) await sleep(slowStartMs);
  await app.listen({ port: config.PORT, host: config.HOST });
}

/** Stops accepting, finishes what is in flight, and leaves in any case before the supervisor's SIGKILL. */
async function drain(app: FastifyInstance, signal: string): Promise<void> {
  app.log.info({ signal }, 'draining');
  setTimeout(() => {
    app.log.warn('requests were still in flight at the end of the drain time');
    process.exit(0);
  }, drainMs).unref();
  await app.close();
  process.exit(0);
}

main().catch((error: Error) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
