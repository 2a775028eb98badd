import { join } from 'node:path';
import { repository, setup } from '../../infra/local/setup/setup.ts';
import { benchProcess } from './bench-process.ts';
import { benchmarks } from './registry.ts';
import { partVariable } from './repeated/part.ts';

/** `npm run bench`; docs/benchmarks.md says how to read what it writes. */
// What is only a part of a benchmark is kept apart from its results.
const name = process.env[partVariable] ? 'bench-part.json' : 'bench.json';
await benchProcess({ benchmarks, file: join(repository, 'out', name), setup });
