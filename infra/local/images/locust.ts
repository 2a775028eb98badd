import { join } from 'node:path';
import { argumentsAfter, type Image, unprivilegedUser } from './image.ts';

/** Locust with infra/locust as its working directory: a command names files there as it would in the image. */
export const locust: Image = {
  stopSignal: 'SIGTERM',
  user: unprivilegedUser,
  launch({ command, environment, python, repository }) {
    return {
      argv: [python, '-m', 'locust', ...argumentsAfter('locust', command)],
      environment: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', ...environment },
      workingDirectory: join(repository, 'infra', 'locust'),
    };
  },
};
