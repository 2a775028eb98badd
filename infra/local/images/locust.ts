import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { argumentsAfter, type Image, unprivilegedUser } from './image.ts';

/**
 * Locust with the files of infra/locust, and of the target's own folder, in its working directory: a command names them as it would in the image, and
 * what Locust writes beside them stays in the container.
 */
export const locust: Image = {
  stopSignal: 'SIGTERM',
  user: unprivilegedUser,
  launch({ command, environment, folder, python, repository, locustFolder }) {
    const workingDirectory = folder('/home/locust');
    linkEach(join(repository, 'infra', 'locust'), workingDirectory);
    if (locustFolder !== null) linkEach(locustFolder, workingDirectory);
    return {
      argv: [python, '-m', 'locust', ...argumentsAfter('locust', command)],
      environment: { PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', ...environment },
      workingDirectory,
      keep: locustFolder === null ? [] : [locustFolder],
    };
  },
};

function linkEach(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (!existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name));
  }
}
