import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage, type FingerprintOptions } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { AssetOptions } from 'aws-cdk-lib/aws-s3-assets';
import { buildSync } from 'esbuild';

const source = 'lambdas';

/** Every handler's bundle, by the handler's path below `lambdas/`. */
let bundles: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * The handlers share nearly all of what they import: bundled together they take about as long as one of them alone,
 * where a bundler started for each takes most of a deployment's time.
 */
function bundled(): ReadonlyMap<string, Uint8Array> {
  if (bundles) return bundles;
  const handlers = globSync('**/*.lambda.ts', { cwd: source });
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(handlers.map((path) => [path, join(source, path)])),
    outdir: '.',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    // For dependencies that are CommonJS and ask for Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  const contents = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  bundles = new Map(handlers.map((path) => [path, contents.get(join(process.cwd(), `${path}.js`))!]));
  return bundles;
}

/** The code of one handler with all that it imports, the AWS SDK included. */
export function handlerCode(path: string): Code {
  const options: AssetOptions & Pick<FingerprintOptions, 'extraHash'> = {
    // One source folder for all: what tells one asset from another. An asset takes it, though its options do not say so.
    extraHash: path,
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Bundling always works without it, so it is never fetched.
      image: DockerImage.fromRegistry('not-used'),
      local: {
        tryBundle(folder) {
          writeFileSync(join(folder, 'index.mjs'), bundled().get(path)!);
          return true;
        },
      },
    },
  };
  return Code.fromAsset(source, options);
}
