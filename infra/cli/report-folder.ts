import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { plural } from '../../lambdas/analysis/format.ts';
import { type Files, manifestName, sha256 } from '../../lambdas/bundle/manifest.ts';
import { verifyBundle } from '../../lambdas/bundle/verify-bundle.ts';
import { here } from './here.ts';

/**
 * The folder of a bundle, or of what is left of one.
 * @throws RangeError that says what is there instead
 */
export function bundleFolder(text: string): string {
  const folder = resolve(text);
  if (!existsSync(folder)) throw new RangeError('There is no such folder.');
  if (!statSync(folder).isDirectory()) throw new RangeError('It is a file, and the folder of a bundle is needed.');
  if (readdirSync(folder).length === 0) throw new RangeError('It is empty.');
  return realpathSync(folder);
}

/** @throws Error where something is neither a file nor a folder */
export function readBundle(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => !e.isDirectory());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const path = relative(folder, file).split(sep).join('/');
      if (!entry.isFile()) throw new Error(`${path} is neither a file nor a folder, and no bundle has such`);
      return [path, readFileSync(file)];
    }),
  );
}

/** What is told of a bundle: how it is, and the digest of its manifest, by which it can be known elsewhere. */
export function checkBundle(folder: string, files: Files) {
  const manifest = files.get(manifestName);
  const problems = verifyBundle(files);
  return {
    folder,
    sound: problems.length === 0,
    files: files.size,
    manifest: manifest ? sha256(manifest) : null,
    problems,
  };
}

/** The files of a bundle that is as it was written. @throws Error where it is not */
export function readSoundBundle(folder: string): { files: Files; manifest: string } {
  const files = readBundle(folder);
  const { manifest, problems } = checkBundle(folder, files);
  if (manifest === null || problems.length > 0) {
    throw new Error(`${here(folder)} is not as it was written (${plural(problems.length, 'file')}, see report verify)`);
  }
  return { files, manifest };
}
