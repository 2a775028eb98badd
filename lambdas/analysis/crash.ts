import type { HostSample } from '../evidence/host-sample.ts';
import type { Sample } from '../evidence/sample.ts';
import type { Phases } from './phases.ts';
import { gauge, healthOf, probedAt, samplesIn } from './samples.ts';

export interface Crash {
  /** The old process was there at `earliest` (or the command was sent then) and gone at `latest`. */
  killed: { earliest: number; latest: number };
  /** When the new process began; null where none was seen. */
  startedAt: number | null;
  /** The first health probe that it answered with 200; null without. */
  servedAt: number | null;
}

interface Input {
  phases: Phases;
  hosts: readonly HostSample[];
  samples: readonly Sample[];
}

/**
 * The kill, and what came after it. The command is sent before it takes effect; the host's process table, and probes
 * that fail, tell by when it had. Null where nothing was killed.
 */
export function crashOf({ phases, hosts, samples }: Input): Crash | null {
  const { killSentAt, landedAt } = phases;
  if (killSentAt === null || landedAt === null) return null;
  const later = hosts.filter((h) => h.at >= killSentAt);
  const old = hosts.findLast((h) => h.at < killSentAt && h.process !== null);
  const same = (h: HostSample) =>
    h.host === old!.host && h.process?.pid === old!.process!.pid && h.process.startedAt === old!.process!.startedAt;
  const gone = old && later.find((h) => h.host === old.host && !same(h));
  const alive = old && later.findLast((h) => same(h) && h.at < (gone?.at ?? landedAt));
  const startedAt = newStart(killSentAt, old, later, samples);
  const failed = samples.find((s) => probedAt(s) >= killSentAt && healthOf(s).status !== 200);
  const signs = [landedAt, gone?.at, startedAt, failed && probedAt(failed)].flatMap((t) => t ?? []);
  const latest = Math.max(killSentAt, Math.min(...signs));
  const earliest = Math.min(latest, Math.max(killSentAt, alive?.at ?? killSentAt));
  const served = samples.find((s) => startedAt !== null && probedAt(s) >= startedAt && healthOf(s).status === 200);
  return { killed: { earliest, latest }, startedAt, servedAt: served ? probedAt(served) : null };
}

function newStart(
  killSentAt: number,
  old: HostSample | undefined,
  later: readonly HostSample[],
  samples: readonly Sample[],
): number | null {
  const next = later.find((h) => h.host === old?.host && h.process && h.process.startedAt > old!.process!.startedAt);
  if (next) return next.process!.startedAt;
  const end = Number.POSITIVE_INFINITY;
  const before = gauge(samplesIn(samples, { start: 0, end: killSentAt }), 'processStart').at(-1);
  const starts = gauge(samplesIn(samples, { start: killSentAt, end }), 'processStart');
  return before === undefined ? null : (starts.find((t) => t > before + 1) ?? null);
}
