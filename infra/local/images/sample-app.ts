import { join } from 'node:path';
import { type Image, unprivilegedUser } from './image.ts';

/** infra/sample-app, listening on PORT (8080). */
export const sampleApp: Image = {
  stopSignal: 'SIGTERM',
  user: unprivilegedUser,
  launch({ command, environment, node, repository }) {
    return {
      argv: [node, join(repository, 'infra', 'sample-app', 'main.ts'), ...(command ?? [])],
      environment: { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '8080', ...environment },
      workingDirectory: repository,
    };
  },
};
