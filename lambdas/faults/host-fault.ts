import { z } from 'zod';
import { inOneLine } from '../aws/one-line.ts';
import { HostCommandFailed } from '../hosts/host-errors.ts';
import { hostStatusSchema, readStatus } from '../hosts/host-status.ts';
import { type DocumentParameters, deliverySeconds } from '../hosts/hosts.client.ts';
import { type RunHost, runHostSchema } from '../runs/run.ts';
import { type Target, type TargetProcess, targetProcessSchema } from '../target/target.ts';
import {
  defineFault,
  doesNotApply,
  type FaultDefinition,
  type FaultIo,
  FaultRefused,
  FaultWithoutEffect,
  type Proof,
} from './fault.ts';
import { assertOptedIn } from './opted-in.ts';

/** What is seen of a host at one time, by means that know nothing of the tool that injects. */
const hostViewSchema = z.object({
  status: hostStatusSchema,
  /** Of a TCP handshake with the application's port; null where the fault does not ask for it. */
  roundTrip: z.union([z.object({ ms: z.number() }), z.object({ error: z.string() })]).nullable(),
});
export type HostView = z.infer<typeof hostViewSchema>;

export interface HostFault<P> {
  id: 'network-latency' | 'memory-pressure' | 'cpu-saturation' | 'process-kill';
  /** The SSM document that injects it. */
  document: string;
  parameters: z.ZodType<P>;
  /** What becomes of a host, in a clause. */
  change(parameters: P, process: TargetProcess): string;
  /** What is measured beside the kernel's own figures. */
  measures?: 'round-trip' | 'idle';
  /** Longer than any handshake takes under this fault. */
  roundTripLimitMs?(parameters: P): number;
  /** The document's own parameters, beside those that every fault's has. */
  command(parameters: P, process: TargetProcess): DocumentParameters;
  /** Why the fault would not show on a host on which the application runs, or null. */
  refuses?(before: HostView): string | null;
  landed(parameters: P, before: HostView, now: HostView): Proof;
  gone(parameters: P, before: HostView, now: HostView): Proof;
}

const original = z.object({
  runId: z.string(),
  process: targetProcessSchema,
  /** Of the application, for handshakes. */
  port: z.int(),
  holdSeconds: z.number(),
  /** Epoch seconds: each host reverts by itself then, whatever has become of everybody else. */
  deadline: z.int(),
  hosts: z.array(runHostSchema.extend({ before: hostViewSchema })).min(1),
});
type Original = z.infer<typeof original>;

/** Beyond the time for which the fault is held: within it, it has to land. */
const marginSeconds = 30;
/** Between the proof that it landed and the start of the hold. */
const handOverSeconds = 5;
/** Longer than the documents themselves wait for an effect, so that it is them who say that there was none. */
const injectSeconds = 50;
const revertSeconds = 40;
/** The hosts' own deadlines go by their clocks. */
const mostClockOffset = 10;
/** After its deadline a host that SSM has forgotten, for it was terminated, holds no fault any more. */
const forgottenSeconds = 60;
const idleMs = 1000;
const usualRoundTripLimitMs = 3000;
/** The documents' exit status where they saw no effect, and have undone what there was. */
const noEffect = 70;

/**
 * A fault on every managed host of the target, by SSM documents: one injects, one reverts, one says what the kernel
 * says. A host reverts by itself at its deadline.
 */
export function defineHostFault<P>(fault: HostFault<P>): FaultDefinition {
  return defineFault<P, Original>({
    id: fault.id,
    parameters: fault.parameters,
    original,

    lacks: (target) => (target.hosts ? null : noHosts(target)),

    async touches(io, p) {
      const { tag, process } = hostsConfig(io.target);
      const found = await io.hosts.find(tag);
      return found.map(({ instanceId, name }) => ({
        kind: 'host' as const,
        id: instanceId,
        change: `host ${name}: ${fault.change(p, process)}`,
      }));
    },

    check: (io) => assertFit(io),

    async capture(io, p, run) {
      const { process } = hostsConfig(io.target);
      if (run.hosts.length === 0) throw new FaultRefused(`run ${run.runId} has no managed host`);
      const known = { runId: run.runId, process, port: portOf(io.target) };
      const hosts = await onEach(run.hosts, async (host) => {
        const before = await look(io, fault, p, { ...known, tools: true }, host);
        const refusal = unfit(before, process, io.clock.now()) ?? fault.refuses?.(before);
        if (refusal) throw new FaultRefused(`host ${host.name} ${refusal}`);
        return { ...host, before };
      });
      const holdSeconds = run.seconds.fault;
      return { ...known, holdSeconds, deadline: Math.floor(io.clock.now()) + holdSeconds + marginSeconds, hosts };
    },

    async inject(io, p, o) {
      const common = {
        RunId: o.runId,
        // What has not begun by then never does; the proof that it is gone waits until then.
        NotAfter: String(Math.floor(io.clock.now()) + deliverySeconds),
        Deadline: String(o.deadline),
        ExecutionSeconds: String(injectSeconds),
      };
      const parameters = { ...common, ...fault.command(p, o.process) };
      await onEach(o.hosts, async ({ instanceId }) => {
        try {
          await io.hosts.run(fault.document, instanceId, parameters, { executionSeconds: injectSeconds });
        } catch (error) {
          throw isWithoutEffect(error) ? new FaultWithoutEffect(error) : error;
        }
      });
    },

    async prove(io, p, o) {
      const proof = together(
        await onEach(o.hosts, async (host) => {
          const now = await look(io, fault, p, o, host);
          return { ...fault.landed(p, host.before, now), host };
        }),
      );
      const latest = o.deadline - o.holdSeconds - handOverSeconds;
      if (io.clock.now() <= latest) return proof;
      return {
        proven: false,
        isFinal: true,
        detail: `not proven in time to be held for ${o.holdSeconds} s: ${proof.detail}`,
      };
    },

    async revert(io, _p, o) {
      await onEach(o.hosts, async ({ instanceId }) => {
        if (await isForgotten(io, o, instanceId)) return;
        const parameters = { RunId: o.runId, Fault: fault.id, ExecutionSeconds: String(revertSeconds) };
        await io.hosts.run('Faultline-Revert', instanceId, parameters, { executionSeconds: revertSeconds });
      });
    },

    async proveGone(io, p, o) {
      return together(
        await onEach(o.hosts, async (host) => {
          if (await isForgotten(io, o, host.instanceId))
            return { proven: true, detail: 'SSM does not know it any more, and its own deadline has passed', host };
          const now = await look(io, fault, p, o, host);
          const isActive = now.status.faults.some((f) => f.runId === o.runId && f.state === 'active');
          if (isActive) return { proven: false, detail: `${fault.id} is still in force`, host };
          return { ...fault.gone(p, host.before, now), host };
        }),
      );
    },
  });
}

const noHosts = ({ hostless }: Target) => `no managed hosts${hostless ? ` (${hostless})` : ''}`;

function hostsConfig(target: Target) {
  if (!target.hosts) throw new FaultRefused(doesNotApply(target, noHosts(target)));
  return target.hosts;
}

/** @throws FaultRefused */
async function assertFit({ target, hosts }: FaultIo): Promise<void> {
  const { tag } = hostsConfig(target);
  const found = await hosts.find(tag);
  if (found.length === 0) {
    throw new FaultRefused(`no managed host has the tag ${tag.key} = ${tag.value} of target '${target.id}'`);
  }
  for (const { name, instanceId, optedIn, platform, online } of found) {
    const host = `host ${name} (${instanceId})`;
    assertOptedIn(host, optedIn);
    if (platform !== 'Linux') throw new FaultRefused(`${host} runs ${platform}: the documents are for Linux`);
    if (!online) throw new FaultRefused(`${host} is offline: its SSM agent does not answer`);
  }
}

/** Why nothing that is done to this host would say anything of the application; null where it would. */
function unfit({ status, roundTrip }: HostView, process: TargetProcess, now: number): string | null {
  if (!status.process) return `has no process of the application: no ${processText(process)} runs there`;
  const offset = Math.abs(status.at - now);
  if (offset > mostClockOffset)
    return `has a clock that is ${Math.round(offset)} s off: its own deadline would be, too`;
  if (roundTrip && 'error' in roundTrip) return `cannot be reached: ${roundTrip.error}`;
  return null;
}

async function look<P>(
  io: FaultIo,
  { measures, roundTripLimitMs }: HostFault<P>,
  p: P,
  run: Pick<Original, 'runId' | 'process' | 'port'> & { tools?: boolean },
  { instanceId, address }: RunHost,
): Promise<HostView> {
  const limitMs = roundTripLimitMs?.(p) ?? usualRoundTripLimitMs;
  const roundTrip = measures === 'round-trip' ? await io.probes.roundTrip(address, run.port, limitMs) : null;
  const { runId, process, tools } = run;
  const status = await readStatus(io.hosts, instanceId, {
    runId,
    process,
    tools,
    ...(measures === 'idle' && { idleMs }),
  });
  return { status, roundTrip };
}

const isWithoutEffect = (error: unknown): error is HostCommandFailed =>
  error instanceof HostCommandFailed && error.exitCode === noEffect;

async function isForgotten(io: FaultIo, { deadline }: Original, instanceId: string): Promise<boolean> {
  return io.clock.now() > deadline + forgottenSeconds && !(await io.hosts.isKnown(instanceId));
}

const processText = (process: TargetProcess) => ('name' in process ? `'${process.name}'` : process.unit);

function portOf({ endpoint }: Target): number {
  const { port, protocol } = new URL(endpoint);
  return port ? Number(port) : protocol === 'https:' ? 443 : 80;
}

/** Side by side, and over when all are. @throws what one has thrown, or an AggregateError of several */
async function onEach<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = await Promise.allSettled(items.map(work));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 1) throw new AggregateError(failures, inOneLine(failures.map(String).join('; ')));
  if (failures.length === 1) throw failures[0];
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

const together = (proofs: (Proof & { host: RunHost })[]): Proof => ({
  proven: proofs.every(({ proven }) => proven),
  detail: proofs.map(({ host, detail }) => `${host.name}: ${detail}`).join('; '),
});
