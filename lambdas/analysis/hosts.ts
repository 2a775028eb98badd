import type { HostSample } from '../evidence/host-sample.ts';
import type { Sample } from '../evidence/sample.ts';
import { sum } from './robust.ts';
import { appMetric } from './samples.ts';

/** In order of time; a slice that was delivered twice counts once. */
export function uniqueHostSamples(samples: readonly HostSample[]): HostSample[] {
  const byMoment = new Map(samples.map((s) => [`${s.host} ${s.at}`, s]));
  return [...byMoment.values()].sort((a, b) => a.at - b.at);
}

export const byHost = (samples: readonly HostSample[]): HostSample[][] => [
  ...Map.groupBy(samples, (s) => s.host).values(),
];

/** Mean and most of a figure over samples. */
export interface Level {
  mean: number;
  max: number;
  samples: number;
}

/** Null without a value. */
export function levelOf(values: readonly number[]): Level | null {
  if (values.length === 0) return null;
  return { mean: sum(values) / values.length, max: Math.max(...values), samples: values.length };
}

/** Share of all cores that was busy, 0..1. */
export const cpuBusy = (samples: readonly HostSample[]): Level | null =>
  levelOf(samples.flatMap((s) => s.cpu.busy ?? []));

/** Share of the memory that was not available, 0..1. */
export const memoryUsed = (samples: readonly HostSample[]): Level | null =>
  levelOf(samples.map(({ memory }) => 1 - memory.availableKb / memory.totalKb));

/** MB. */
export const swapUsed = (samples: readonly HostSample[]): Level | null =>
  levelOf(samples.map(({ memory }) => (memory.swapTotalKb - memory.swapFreeKb) / 1024));

/** Pages a second between two neighbouring samples of one host. */
export interface SwapRate {
  at: number;
  in: number;
  out: number;
}

/** Swap traffic by host, in the order of time. After a boot its counters begin anew, which shows as a rate below 0. */
export const swapRates = (samples: readonly HostSample[]): SwapRate[][] =>
  byHost(samples).map((own) =>
    own.slice(1).flatMap((s, i) => {
      const before = own[i]!;
      const seconds = s.at - before.at;
      const pagesIn = s.memory.swapInPages - before.memory.swapInPages;
      const pagesOut = s.memory.swapOutPages - before.memory.swapOutPages;
      if (seconds <= 0) return [];
      return [{ at: s.at, in: pagesIn / seconds, out: pagesOut / seconds }];
    }),
  );

/** How often the kernel's OOM killer ended a process between the first and the last sample. */
export const oomKills = (samples: readonly HostSample[]): number =>
  sum(byHost(samples).map((own) => Math.max(0, own.at(-1)!.memory.oomKills - own[0]!.memory.oomKills)));

/** One life of the application's main process. */
export interface Life {
  /** Null where only the application's own metrics tell. */
  pid: number | null;
  /** Epoch seconds. */
  startedAt: number;
}

/** What became of the application's main process, by host. */
export interface ProcessHistory {
  /** At least one life each, in order. */
  hosts: Life[][];
  /** Samples in which there was none. */
  absent: number;
  samples: number;
}

/**
 * From the hosts' own process tables; where no host was sampled, from the start time in the application's metrics.
 * Null where neither tells.
 */
export function processHistory(hosts: readonly HostSample[], samples: readonly Sample[]): ProcessHistory | null {
  const seen = hosts.filter((h) => h.process !== null);
  if (seen.length > 0) {
    return {
      hosts: byHost(seen).map((own) => lives(own.map((s) => s.process!))),
      absent: hosts.length - seen.length,
      samples: hosts.length,
    };
  }
  const starts = samples.flatMap((s) => appMetric(s, 'processStart') ?? []);
  if (starts.length === 0) return null;
  return {
    hosts: [lives(starts.map((startedAt) => ({ pid: null, startedAt })))],
    absent: 0,
    samples: starts.length,
  };
}

/** A start time is read from a clock tick and may differ by one. */
const sameStart = 1;

function lives(readings: readonly Life[]): Life[] {
  const all: Life[] = [];
  for (const { pid, startedAt } of readings) {
    const known = all.at(-1);
    if (!known || known.pid !== pid || Math.abs(known.startedAt - startedAt) > sameStart) all.push({ pid, startedAt });
  }
  return all;
}

export const restarts = ({ hosts }: ProcessHistory): number => sum(hosts.map((own) => own.length - 1));
