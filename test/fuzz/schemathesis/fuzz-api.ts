import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePython } from '../../../infra/local/setup/python.ts';
import { repository } from '../../../infra/local/setup/setup.ts';

export interface Fuzzing {
  /** Of the API, without a slash at its end. */
  url: string;
  /** What Schemathesis makes requests of: the document's examples, every bound of its schemas, chance, and chains of calls. */
  phases: ('examples' | 'coverage' | 'fuzzing' | 'stateful')[];
  /** Requests made up by chance for each operation, at most. */
  examples: number;
  /** The same one makes the same requests. */
  seed: number;
  /** By the name of the parameter or field: what an id looks like, and ids of what is there. */
  known: Record<string, { pattern: string; ids: string[] }>;
  /** Requests that are under way at once. Default 1. */
  workers?: number;
  signal?: AbortSignal;
}

export interface Fuzzed {
  requests: number;
  /** How many requests had which status. */
  statuses: Record<string, number>;
  /** What Schemathesis complains of, each with the request that shows it; empty: nothing. */
  failures: string;
}

/** What an answer has to keep to: the statuses, types, headers and schemas that the document says, and never a 5xx. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'use_after_free',
];

const folder = join(repository, 'test', 'fuzz', 'schemathesis');
const python = join(repository, '.faultline', 'fuzzer', 'bin', 'python');

/** Schemathesis in an environment of its own: the service has no part in it. @throws CommandFailed */
export const ensureFuzzer = (progress: (text: string) => void): Promise<void> =>
  ensurePython(python, join(folder, 'requirements.txt'), 'Python environment with Schemathesis', progress);

/** Has Schemathesis try an API against docs/openapi.json. @throws when it could not do its work */
export async function fuzzApi({ url, phases, examples, seed, known, workers = 1, signal }: Fuzzing): Promise<Fuzzed> {
  const out = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const report = join(out, 'requests.har');
  const argv = [
    ...['-m', 'schemathesis.cli', '--config-file', join(folder, 'schemathesis.toml')],
    ...['run', join(repository, 'docs', 'openapi.json'), '--url', url, '--checks', checks.join(',')],
    ...[
      '--phases',
      phases.join(','),
      '--max-examples',
      String(examples),
      '--seed',
      String(seed),
      '--workers',
      String(workers),
    ],
    ...['--report', 'har', '--report-har-path', report, '--generation-database', 'none', '--no-color'],
    ...['--continue-on-failure', '--max-redirects', '0', '--warnings', 'off'],
  ];
  try {
    const child = spawn(python, argv, {
      cwd: out,
      env: {
        PATH: process.env.PATH,
        HOME: out,
        PYTHONPATH: folder,
        PYTHONDONTWRITEBYTECODE: '1',
        SCHEMATHESIS_HOOKS: 'hooks',
        FUZZ_KNOWN_IDS: JSON.stringify(known),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = await once(child, 'close');
    if (code !== 0 && code !== 1) throw new Error(`Schemathesis ended with ${code}:\n${output}`);
    return { ...statusesOf(report), failures: code === 0 ? '' : output };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

interface Har {
  log: { entries: { response: { status: number } }[] };
}

function statusesOf(report: string): Pick<Fuzzed, 'requests' | 'statuses'> {
  const { log } = JSON.parse(readFileSync(report, 'utf8')) as Har;
  const statuses: Record<string, number> = {};
  for (const { response } of log.entries) statuses[response.status] = (statuses[response.status] ?? 0) + 1;
  return { requests: log.entries.length, statuses };
}
