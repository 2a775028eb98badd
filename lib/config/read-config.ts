import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { configJsonSchema, configSchema, type FaultlineConfig } from './faultline-config.ts';
import { type Mistake, mistakesIn } from './mistakes.ts';

/** A configuration that cannot be used. The message is one line: the first mistake, and how many more there are. */
export class ConfigInvalid extends RangeError {
  /** Each of them as a line: `faultline.yaml:7: health.timeoutMs: …`. */
  readonly mistakes: string[];

  constructor(mistakes: string[]) {
    const more = mistakes.length - 1;
    super(`${mistakes[0]}${more > 0 ? ` (and ${more} more)` : ''}`);
    this.name = 'ConfigInvalid';
    this.mistakes = mistakes;
  }
}

export interface ReadConfig {
  config: FaultlineConfig;
  /** The folder of the file, absolute: paths in it are from there. */
  folder: string;
}

const largest = 256 * 1024;

/** @throws ConfigInvalid, also where the file or one that it names is not there */
export function readConfig(path: string): ReadConfig {
  const file = resolve(path);
  const fail = (text: string) => new ConfigInvalid([`${path}: ${text}`]);
  if (!existsSync(file)) throw fail('there is no such file; `faultline init` writes one');
  if (!statSync(file).isFile()) throw fail('it is a folder, and a file is needed');
  if (statSync(file).size > largest) throw fail(`it is larger than ${largest / 1024} KB`);
  const config = parseConfig(readFileSync(file, 'utf8'), path);
  const folder = dirname(realpathSync(file));
  const missing = config.load.files.flatMap((name, index) => missingFile(folder, name, index));
  if (missing.length > 0) throw new ConfigInvalid(missing.map((text) => `${path}: ${text}`));
  return { config, folder };
}

/** @param name the file's, for messages @throws ConfigInvalid */
export function parseConfig(text: string, name: string): FaultlineConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    const told = document.errors.map(
      ({ pos, message }) => `${name}:${lineOf(pos[0])}: it is no YAML: ${oneLine(message)}`,
    );
    throw new ConfigInvalid(told);
  }
  const value = contentOf(document, name);
  const { data, error } = configSchema.safeParse(value);
  if (data) return data;
  const place = (path: Mistake['path']) => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return `:${lineOf(node.range[0])}`;
    }
    return '';
  };
  const found = mistakesIn(error.issues, configJsonSchema(), value);
  throw new ConfigInvalid(found.map(({ path, text }) => `${name}${place(path)}: ${pathText(path)}${text}`));
}

function contentOf(document: ReturnType<typeof parseDocument>, name: string): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw new ConfigInvalid([`${name}: it is no YAML: ${oneLine((error as Error).message)}`]);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new ConfigInvalid([`${name}: it has to be a mapping of keys (id, endpoint, health, load, …)`]);
  }
  return value;
}

const oneLine = (text: string) => text.split('\n')[0]!.replace(/:$/, '');
const pathText = (path: Mistake['path']) => (path.length > 0 ? `${path.join('.')}: ` : '');

function missingFile(folder: string, name: string, index: number): string[] {
  const path = join(folder, name);
  const at = `load.files.${index}: `;
  if (!existsSync(path))
    return [`${at}${name} is not there; allowed is a Locust file in the folder of this file or below it`];
  // A link must not lead the load generator's tasks out of what they are given.
  const real = relative(folder, realpathSync(path));
  if (real.startsWith(`..${sep}`)) return [`${at}${name} leads out of the folder; it has to be in it`];
  return statSync(path).isFile() ? [] : [`${at}${name} is no file`];
}
