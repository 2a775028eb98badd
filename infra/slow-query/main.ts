import { block } from './blocking-session.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';

/** Of sysexits(3), as the documents for hosts have it. */
const exitStatus = { usage: 64, tooLate: 66 } as const;

const now = () => Date.now() / 1000;
const log = (fact: object) => console.log(JSON.stringify({ at: now(), ...fact }));

/**
 * Blocks the target's tables: sessions queue for the same locks, each holds them for a while, so that one follows the
 * other at once. Where the database is, PGHOST and the like say.
 */
async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const started = now();
  if (started > config.FAULTLINE_NOT_AFTER) {
    log({ message: 'it is too late to begin: nothing was locked', notAfter: config.FAULTLINE_NOT_AFTER });
    process.exit(exitStatus.tooLate);
  }
  // As PID 1 of a container a process has no default signal handlers. The server notices its sessions' end by itself.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0));
  await Promise.all(
    Array.from({ length: config.FAULTLINE_SESSIONS }, (_, session) =>
      block(planOf(config, started), now, ({ from }) => log({ message: 'held the tables', session, from })),
    ),
  );
}

const planOf = (config: Config, started: number) => ({
  name: config.FAULTLINE_SESSION_NAME,
  tables: config.FAULTLINE_TABLES,
  holdSeconds: config.FAULTLINE_HOLD_SECONDS,
  deadline: started + config.FAULTLINE_SECONDS,
});

main().then(
  () => log({ message: 'no session is left' }),
  (error: Error) => {
    console.error(error instanceof ConfigError ? error.message : error);
    // The other sessions end with the process.
    process.exit(error instanceof ConfigError ? exitStatus.usage : 1);
  },
);
