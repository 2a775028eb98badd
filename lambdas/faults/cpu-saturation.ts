import { z } from 'zod';
import { defineHostFault, type HostView } from './host-fault.ts';

const parameters = z.strictObject({
  /** 0: one for each core. */
  workers: z.int().min(0).max(256).default(0),
  loadPercent: z.int().min(1).max(100).default(90),
});

/** A host that has less idle time already cannot be seen to lose it. */
const landedBelow = 0.15;
/** Share of the idle time before that is left at most. */
const leftAtMost = 0.5;
/** Share of the idle time before: the application may have work to catch up with. */
const goneAbove = 0.5;

/** Keeps each host's cores busy. */
export const cpuSaturation = defineHostFault<z.infer<typeof parameters>>({
  id: 'cpu-saturation',
  document: 'Faultline-CpuSaturation',
  parameters,
  change: ({ loadPercent }) => `${loadPercent} % of its CPU taken, then released`,
  measures: 'idle',
  command: ({ workers, loadPercent }) => ({ Workers: String(workers), LoadPercent: String(loadPercent) }),
  landed: (_p, before, now) => ({
    proven: idleOf(now) < landedBelow && idleOf(now) < leftAtMost * idleOf(before),
    detail: told(before, now),
  }),
  gone: (_p, before, now) => ({ proven: idleOf(now) > goneAbove * idleOf(before), detail: told(before, now) }),
  refuses: (before) =>
    idleOf(before) < landedBelow ? `is busy already: its CPU was idle for ${percent(before)} of the time` : null,
});

/** What was not measured proves nothing. */
const idleOf = ({ status }: HostView) => status.cpu.idleShare ?? Number.NaN;
const percent = (view: HostView) => `${Math.round(idleOf(view) * 100)} %`;
const told = (before: HostView, now: HostView) => `CPU idle ${percent(before)} before, ${percent(now)} now`;
