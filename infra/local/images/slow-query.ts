import { join } from 'node:path';
import { type Image, unprivilegedUser } from './image.ts';

/** infra/slow-query: it ends when its work is done. */
export const slowQuery: Image = {
  stopSignal: 'SIGTERM',
  user: unprivilegedUser,
  launch({ command, environment, node, repository }) {
    return {
      argv: [node, join(repository, 'infra', 'slow-query', 'main.ts'), ...(command ?? [])],
      environment: { NODE_ENV: 'production', ...environment },
      workingDirectory: repository,
    };
  },
};
