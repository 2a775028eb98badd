import { z } from 'zod';
import { defineHostFault, type HostView } from './host-fault.ts';

const parameters = z.strictObject({
  delayMs: z.int().min(1).max(10_000).default(500),
  jitterMs: z.int().min(0).max(5000).default(0),
  lossPercent: z.int().min(0).max(100).default(0),
  /** Empty: the default route's. */
  device: z
    .string()
    .regex(/^[A-Za-z0-9_.:-]{0,15}$/)
    .default(''),
});

/** Share of the delay by which the round trip may differ from it. */
const tolerance = 0.1;

/** Delays what each host sends. A round trip has one such packet in it. */
export const networkLatency = defineHostFault<z.infer<typeof parameters>>({
  id: 'network-latency',
  document: 'Faultline-NetworkLatency',
  parameters,
  change: ({ delayMs }) => `${delayMs} ms more on every packet that it sends, then none`,
  measures: 'round-trip',
  roundTripLimitMs: ({ delayMs, jitterMs }) => 3000 + 2 * (delayMs + jitterMs),

  command: ({ delayMs, jitterMs, lossPercent, device }) => ({
    DelayMs: String(delayMs),
    JitterMs: String(jitterMs),
    LossPercent: String(lossPercent),
    Device: device,
  }),

  landed({ delayMs, jitterMs }, before, now) {
    const rise = riseOf(before, now);
    const proven = rise !== null && Math.abs(rise - delayMs) <= tolerance * delayMs + jitterMs;
    return { proven, detail: `${told(before, now)}; ${delayMs} ms were asked for` };
  },

  gone({ delayMs }, before, now) {
    const rise = riseOf(before, now);
    return { proven: rise !== null && rise <= tolerance * delayMs, detail: told(before, now) };
  },
});

function riseOf(before: HostView, now: HostView): number | null {
  const [from, to] = [msOf(before), msOf(now)];
  return from === null || to === null ? null : to - from;
}

const msOf = ({ roundTrip }: HostView) => (roundTrip && 'ms' in roundTrip ? roundTrip.ms : null);

function told(before: HostView, now: HostView): string {
  const text = ({ roundTrip }: HostView) =>
    roundTrip && 'ms' in roundTrip ? `${roundTrip.ms.toFixed(1)} ms` : (roundTrip?.error ?? 'not measured');
  const rise = riseOf(before, now);
  const difference = rise === null ? '' : ` (${rise < 0 ? '−' : '+'}${Math.abs(rise).toFixed(1)} ms)`;
  return `TCP handshake ${text(before)} before, ${text(now)} now${difference}`;
}
