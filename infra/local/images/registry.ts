import type { ImageConfig } from '../sandbox/protocol.ts';
import { configuredImage } from './configured.ts';
import type { Image } from './image.ts';
import { locust } from './locust.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';
import { sampleApp } from './sample-app.ts';
import { slowQuery } from './slow-query.ts';

const known: Record<string, Image> = {
  postgres,
  redis,
  'faultline/sample-app': sampleApp,
  'faultline/locust': locust,
  'faultline/slow-query': slowQuery,
};

/** `docker.io/library/redis:7@sha256:…` is the repository `redis`: registry, tag and digest do not matter here. */
export function repositoryOf(reference: string): string {
  const name = reference.split('@')[0]!.replace(/:[^/:]*$/, '');
  const parts = name.split('/');
  if (parts.length > 1 && /[.:]|^localhost$/.test(parts[0]!)) parts.shift();
  if (parts.length > 1 && parts[0] === 'library') parts.shift();
  return parts.join('/');
}

/** Undefined when there is no such image. Configured images come before those of this folder. */
export function findImage(reference: string, configured: Record<string, ImageConfig>): Image | undefined {
  const repository = repositoryOf(reference);
  const config = Object.hasOwn(configured, repository) ? configured[repository] : undefined;
  if (config !== undefined) return configuredImage(config);
  return Object.hasOwn(known, repository) ? known[repository] : undefined;
}
