import { join } from 'node:path';
import { AssetHashType, AssetStaging, IgnoreMode } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { Mode } from '../mode.ts';
import { version } from '../version.ts';
import { programBundling, programFolder } from './program-bundle.ts';

/** The images that tasks run, by the name that the emulator's fault plane knows each by. */
const names = {
  locust: 'faultline/locust:2.47.0',
  'sample-app': 'faultline/sample-app:latest',
  'slow-query': 'faultline/slow-query:latest',
  postgres: 'postgres:18',
  redis: 'redis:7',
} as const;
export type ImageName = keyof typeof names;
export const imageNames = Object.keys(names) as ImageName[];

const infra = join(import.meta.dirname, '..', '..', 'infra');

/**
 * Where images come from. For an account each is built from its Dockerfile by `cdk deploy` and pushed to the account's
 * own registry, which subnets without a way out reach by an endpoint; or it is in that registry already, as
 * `<repositories>/<name>` with this version's tag. An emulator runs the same programs by their images' names.
 */
export class Images {
  private readonly mode: Mode;
  private readonly repositories: string | undefined;

  constructor({ mode, repositories }: { mode: Mode; repositories?: string }) {
    this.mode = mode;
    this.repositories = repositories;
  }

  /** `scope` is of the one task definition that uses it. */
  of(scope: Construct, name: ImageName): ContainerImage {
    if (this.mode === 'local') return ContainerImage.fromRegistry(names[name]);
    if (this.repositories) {
      const repository = Repository.fromRepositoryName(scope, 'Repository', `${this.repositories}/${name}`);
      return ContainerImage.fromEcrRepository(repository, version);
    }
    return built(scope, name);
  }
}

function built(scope: Construct, name: ImageName): ContainerImage {
  // Tasks are x86-64 whatever the machine is that builds the image.
  const platform = Platform.LINUX_AMD64;
  if (name === 'locust') {
    return ContainerImage.fromAsset(infra, {
      file: 'images/locust/Dockerfile',
      exclude: ['*', '!images/locust/Dockerfile', '!local/requirements.txt', '!locust', '**/__pycache__'],
      ignoreMode: IgnoreMode.DOCKER,
      platform,
    });
  }
  if (name === 'postgres' || name === 'redis') {
    return ContainerImage.fromAsset(join(infra, 'images', name), { platform });
  }
  const sourcePath = programFolder(name);
  const staged = new AssetStaging(scope, 'Program', {
    sourcePath,
    assetHashType: AssetHashType.OUTPUT,
    bundling: programBundling(sourcePath),
  });
  return ContainerImage.fromAsset(staged.absoluteStagedPath, { platform });
}
