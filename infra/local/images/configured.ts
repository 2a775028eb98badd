import type { ImageConfig } from '../sandbox/protocol.ts';
import type { Image } from './image.ts';

/** An image that is a program of this machine, by configuration. */
export function configuredImage(config: ImageConfig): Image {
  return {
    stopSignal: (config.stopSignal ?? 'SIGTERM') as NodeJS.Signals,
    user: config.user ?? 0,
    launch({ command, environment, folder }) {
      const workingDirectory = config.workingDirectory ?? folder('/');
      return {
        argv: [...config.entryPoint, ...(command ?? config.command ?? [])],
        environment: { ...config.environment, ...environment },
        workingDirectory,
        keep: [workingDirectory],
      };
    },
  };
}
