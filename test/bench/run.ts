import { join } from 'node:path';
import { repository, setup } from '../../infra/local/setup/setup.ts';
import { benchProcess } from './bench-process.ts';
import { benchmarks } from './registry.ts';

/** `npm run bench`; docs/benchmarks.md says how to read what it writes. */
await benchProcess({ benchmarks, file: join(repository, 'out', 'bench.json'), setup });
