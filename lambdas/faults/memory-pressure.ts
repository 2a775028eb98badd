import { z } from 'zod';
import { defineHostFault, type HostView } from './host-fault.ts';

const parameters = z.strictObject({
  percent: z.int().min(1).max(95).default(80),
  workers: z.int().min(1).max(16).default(2),
});

/** Landed below this share of what was available before; gone above that one. */
const [landedBelow, goneAbove] = [0.5, 0.75];

/** Takes a share of each host's available memory. */
export const memoryPressure = defineHostFault<z.infer<typeof parameters>>({
  id: 'memory-pressure',
  document: 'Faultline-MemoryPressure',
  parameters,
  change: ({ percent }) => `${percent} % of its available memory taken, then released`,
  command: ({ percent, workers }) => ({ Percent: String(percent), Workers: String(workers) }),
  landed: (_p, before, now) => ({ proven: shareOf(before, now) < landedBelow, detail: told(before, now) }),
  gone: (_p, before, now) => ({ proven: shareOf(before, now) > goneAbove, detail: told(before, now) }),
});

const shareOf = (before: HostView, now: HostView) => now.status.memory.availableKb / before.status.memory.availableKb;

function told(before: HostView, now: HostView): string {
  const mb = (kb: number) => `${Math.round(kb / 1024)} MB`;
  const swap = ({ status: { memory } }: HostView) => mb(memory.swapTotalKb - memory.swapFreeKb);
  return (
    `available memory ${mb(before.status.memory.availableKb)} before, ${mb(now.status.memory.availableKb)} now ` +
    `(${Math.round(shareOf(before, now) * 100)} % of it); swap in use ${swap(before)} before, ${swap(now)} now`
  );
}
