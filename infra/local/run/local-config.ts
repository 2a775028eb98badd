import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { localNames, localOf, localTargetOf } from '../../../lib/config/compile.ts';
import { type ReadConfig, readConfig } from '../../../lib/config/read-config.ts';
import { unprivilegedUser } from '../images/image.ts';
import type { LocalStack, LocalStackOptions } from '../stack.ts';
import { untilHealthy } from './until-healthy.ts';

/** A configuration of which this machine starts the target. */
export interface LocalConfig extends ReadConfig {
  /** Absolute. */
  file: string;
}

/** @throws ConfigInvalid, NotLocal */
export function readLocalConfig(path: string): LocalConfig {
  const read = readConfig(path);
  localOf(read.config);
  return { ...read, file: resolve(path) };
}

/** What the local stack has to know of it before it starts: the application's program, and where its Locust files are. */
export function stackOptionsOf({ config, folder }: LocalConfig): Pick<LocalStackOptions, 'images' | 'locustFolder'> {
  const { command } = localOf(config).application;
  return {
    images: {
      [localNames(config.id).image]: { entryPoint: command, workingDirectory: folder, user: unprivilegedUser },
    },
    locustFolder: folder,
  };
}

/** What its deployment has to know: its file, and a password that the run's database is made with. */
export const contextOf = ({ file }: LocalConfig) => ({ config: file, password: randomBytes(18).toString('base64url') });

/** Waits until its application is healthy. @throws with what it answered last and its last lines when it does not */
export async function untilConfiguredHealthy(stack: LocalStack, { config }: LocalConfig): Promise<void> {
  const { startSeconds } = localOf(config).application;
  await untilHealthy(stack, { ...localTargetOf(config), health: config.health }, startSeconds);
}
