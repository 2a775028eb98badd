import pLimit from 'p-limit';
import type { Clock } from '../aws/clock.ts';
import type { DataClass, LedgerEntry, ReadbackEntry } from '../evidence/ledger.ts';
import type { Target } from '../target/target.ts';

const parallel = 16;
const tries = 4;
const requestLimitMs = 5000;
const controlsPerClass = 5;
/** Well within the Lambda's own time: a target that stays down must not keep the answers from being written. */
const limitSeconds = 200;

export interface ReadbackIo {
  fetch: typeof fetch;
  clock: Clock;
  randomId(): string;
}

/**
 * Reads every acknowledged write back through the application, past its cache, and with them a few ids that were never
 * written: those must come back as missing, or the reader could not have seen a loss (the positive control).
 * Only a definite 404 is 'missing'; what gives no definite answer in a few tries, or in time, is 'unreadable'.
 */
export async function readBack(target: Target, ledger: LedgerEntry[], io: ReadbackIo): Promise<ReadbackEntry[]> {
  const limit = pLimit(parallel);
  const until = io.clock.now() + limitSeconds;
  return Promise.all(
    toRead(ledger, io).map((entry) =>
      limit(async () => {
        const path = target.readback[entry.class]?.path;
        const found = path
          ? await readOne(new URL(path.replace('{key}', encodeURIComponent(entry.key)), target.endpoint), io, until)
          : 'unreadable';
        return { ...entry, found };
      }),
    ),
  );
}

type Wanted = Omit<ReadbackEntry, 'found'>;

function toRead(ledger: LedgerEntry[], io: ReadbackIo): Wanted[] {
  const acked = ledger.filter((e) => e.outcome === 'acked');
  const written = new Map(
    acked.map((e): [string, Wanted] => [`${e.class} ${e.key}`, { class: e.class, key: e.key, control: false }]),
  );
  const classes = new Set<DataClass>(acked.map((e) => e.class));
  const controls = [...classes].flatMap((c) =>
    Array.from({ length: controlsPerClass }, () => ({ class: c, key: io.randomId(), control: true })),
  );
  return [...written.values(), ...controls];
}

async function readOne(url: URL, io: ReadbackIo, until: number): Promise<ReadbackEntry['found']> {
  for (let attempt = 1; attempt <= tries && io.clock.now() < until; attempt++) {
    try {
      const response = await io.fetch(url, {
        headers: { 'cache-control': 'no-cache' },
        // A page elsewhere, a login form above all, is not the record.
        redirect: 'manual',
        signal: AbortSignal.timeout(requestLimitMs),
      });
      await response.arrayBuffer();
      if (response.status === 200) return 'found';
      if (response.status === 404) return 'missing';
    } catch {
      // No answer is no evidence: ask again, and call it unreadable in the end.
    }
    if (attempt < tries) await io.clock.sleep(0.25 * 2 ** attempt);
  }
  return 'unreadable';
}
