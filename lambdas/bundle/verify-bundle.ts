import { type Files, type Manifest, manifestName, readManifest, sha256 } from './manifest.ts';

export interface Problem {
  path: string;
  problem: 'altered' | 'missing' | 'added';
}

/**
 * What is not as it was when the bundle was written, in the order of the paths. A manifest that another one lists
 * speaks for the folder that it lies in; where it is broken itself, nothing is said of the files beside it.
 */
export function verifyBundle(files: Files): Problem[] {
  const known = new Set<string>();
  const unjudged: string[] = [];
  const problems = verifyFolder('', files, known, unjudged);
  for (const path of files.keys()) {
    if (known.has(path) || unjudged.some((folder) => path.startsWith(folder))) continue;
    problems.push({ path, problem: 'added' });
  }
  return problems.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function verifyFolder(folder: string, files: Files, known: Set<string>, unjudged: string[]): Problem[] {
  const path = folder + manifestName;
  const bytes = files.get(path);
  const manifest = bytes && readManifest(bytes);
  const isListed = known.has(path);
  known.add(path);
  if (manifest) return manifest.files.flatMap((file) => verifyFile(folder, file, files, known, unjudged));
  unjudged.push(folder);
  // What a manifest above says of it has been said already.
  return isListed ? [] : [{ path, problem: bytes ? 'altered' : 'missing' }];
}

function verifyFile(
  folder: string,
  { path: name, ...expected }: Manifest['files'][number],
  files: Files,
  known: Set<string>,
  unjudged: string[],
): Problem[] {
  const path = folder + name;
  known.add(path);
  const bytes = files.get(path);
  const same = bytes?.length === expected.bytes && sha256(bytes) === expected.sha256;
  const problems: Problem[] = same ? [] : [{ path, problem: bytes ? 'altered' : 'missing' }];
  if (!name.endsWith(`/${manifestName}`)) return problems;
  return [...problems, ...verifyFolder(path.slice(0, -manifestName.length), files, known, unjudged)];
}
