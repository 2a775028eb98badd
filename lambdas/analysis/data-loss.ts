import { type DataClass, dataClasses, type LedgerEntry, type ReadbackEntry } from '../evidence/ledger.ts';
import type { Evidence } from './evidence.ts';
import type { Phases } from './phases.ts';

/** What became of the acknowledged writes of one class. */
export interface DataLoss {
  acked: LedgerEntry[];
  found: LedgerEntry[];
  lost: LedgerEntry[];
  /** Acknowledged, but the read-back did not answer for it. */
  unreadable: LedgerEntry[];
  /** Writes that ended in a time-out or a broken connection: they may or may not have been written. */
  unacknowledged: LedgerEntry[];
  controls: { missing: number; other: number };
  /** Why nothing can be said; null where it can. */
  notMeasured: string | null;
  /** True where the reader was shown unable to see a loss, or was never tested: the run does not count. */
  controlFailed: boolean;
}

type ByKey<T> = Map<string, T>;

/** The ledger against the read-back, by class. Duplicates of a key (overlapping slices) count once. */
export function dataLoss(evidence: Evidence, phases: Phases): Record<DataClass, DataLoss> {
  return Object.fromEntries(dataClasses.map((c) => [c, lossOf(c, evidence, phases)])) as Record<DataClass, DataLoss>;
}

function lossOf(dataClass: DataClass, evidence: Evidence, phases: Phases): DataLoss {
  const writes = [...ledgerByKey(evidence.ledger.filter((e) => e.class === dataClass)).values()];
  const answers = evidence.readback.filter((r) => r.class === dataClass);
  const read = readbackByKey(answers.filter((r) => !r.control));
  const controls = answers.filter((r) => r.control);
  const missing = controls.filter((r) => r.found === 'missing').length;
  const acked = writes.filter((w) => w.outcome === 'acked');
  const fate = (w: LedgerEntry) => read.get(w.key)?.found ?? 'unreadable';
  const loss = {
    acked,
    found: acked.filter((w) => fate(w) === 'found'),
    lost: acked.filter((w) => fate(w) === 'missing'),
    unreadable: acked.filter((w) => fate(w) === 'unreadable'),
    unacknowledged: writes.filter((w) => w.outcome === 'unknown'),
    controls: { missing, other: controls.length - missing },
  };
  const why = whyNotMeasured(dataClass, loss, evidence, phases);
  return { ...loss, notMeasured: why?.reason ?? null, controlFailed: why?.controlFailed ?? false };
}

function whyNotMeasured(
  dataClass: DataClass,
  { acked, unreadable, controls }: Pick<DataLoss, 'acked' | 'unreadable' | 'controls'>,
  evidence: Evidence,
  phases: Phases,
): { reason: string; controlFailed: boolean } | null {
  const because = (reason: string, controlFailed = false) => ({ reason, controlFailed });
  if (acked.length === 0) {
    const marked = evidence.ledger.some((e) => e.class === dataClass);
    return because(marked ? 'none of the marked writes was acknowledged' : 'no writes are marked');
  }
  if (!evidence.target.readback[dataClass]) return because('the target names no way to read this class back');
  if (!phases.verified) return because('the run ended before the read-back');
  if (controls.other > 0) {
    const all = controls.other + controls.missing;
    return because(`${controls.other} of ${all} keys that were never written did not come back as missing`, true);
  }
  if (controls.missing === 0) return because('the reader was not tested with a key that was never written', true);
  if (unreadable.length === acked.length) return because('none of the acknowledged writes could be read back');
  return null;
}

/** Of two entries for one key the acknowledged one stands: the other is its intent alone. */
function ledgerByKey(entries: readonly LedgerEntry[]): ByKey<LedgerEntry> {
  const byKey: ByKey<LedgerEntry> = new Map();
  for (const e of entries) if (byKey.get(e.key)?.outcome !== 'acked') byKey.set(e.key, e);
  return byKey;
}

const weight = { found: 2, missing: 1, unreadable: 0 } as const;

/** Of several answers for one key the strongest stands: what was found once exists. */
function readbackByKey(entries: readonly ReadbackEntry[]): ByKey<ReadbackEntry> {
  const byKey: ByKey<ReadbackEntry> = new Map();
  for (const r of entries) {
    const known = byKey.get(r.key);
    if (!known || weight[r.found] > weight[known.found]) byKey.set(r.key, r);
  }
  return byKey;
}
