import type { z } from 'zod';
import type { Clock } from '../aws/clock.ts';
import type { EcsServices } from '../aws/ecs-services.client.ts';
import type { Hosts } from '../hosts/hosts.client.ts';
import type { Probes } from '../observer/probes.ts';
import type { Run } from '../runs/run.ts';
import type { FaultSpec } from '../scenarios/scenario.ts';
import type { SlowQueryIo } from '../slow-query/slow-query-io.ts';
import type { Target } from '../target/target.ts';

/** What a fault may use. Each is bound to the run, so that every mutating call is recorded with its request id. */
export interface FaultIo {
  target: Target;
  ecs: EcsServices;
  hosts: Hosts;
  slowQuery: SlowQueryIo;
  probes: Probes;
  clock: Clock;
}

/** What a fault may know of its run: what it needs later than in `capture` it has to keep with the original state. */
export type FaultRun = Pick<Run, 'runId' | 'seconds' | 'hosts'>;

/** An independent measurement that the fault is there, or is gone. `detail` goes into the report as it is. */
export interface Proof {
  proven: boolean;
  detail: string;
  /** No waiting will prove it any more. */
  isFinal?: boolean;
}

/** The fault must not be injected; the message says why and what would make it possible. */
export class FaultRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultRefused';
  }
}

/** Nothing of the fault is there although its tool ran: the tool has undone what there was. */
export class FaultWithoutEffect extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'FaultWithoutEffect';
  }
}

const notApplying = ': this scenario does not apply to it';

/** @param lack what the target has not */
export const doesNotApply = ({ id }: Target, lack: string) => `target '${id}' has ${lack}${notApplying}`;

/** Whether that is why a scenario was not run: no error of anybody's. */
export const isNotApplicable = (reason: string) => reason.endsWith(notApplying);

/** Something that a fault changes, for people and for limits. */
export interface Touch {
  kind: 'service' | 'host';
  /** Tells it from every other one of its kind. */
  id: string;
  /** What becomes of it, in a clause. */
  change: string;
}

/**
 * One kind of failure. `lacks` says what a target has not that the fault is made to; null: nothing, it applies to it.
 * `check` refuses what no waiting would mend, before a run begins. `capture` reads the original state and refuses where the fault could not be undone;
 * its result is stored as the undo record before `inject` runs. `revert` needs nothing but that record and may
 * be called any number of times, by anyone, at any time.
 */
export interface Fault<P, O> {
  id: string;
  parameters: z.ZodType<P>;
  original: z.ZodType<O>;
  lacks(target: Target, parameters: P): string | null;
  touches(io: FaultIo, parameters: P): Promise<Touch[]>;
  check(io: FaultIo, parameters: P): Promise<void>;
  capture(io: FaultIo, parameters: P, run: FaultRun): Promise<O>;
  inject(io: FaultIo, parameters: P, original: O): Promise<void>;
  prove(io: FaultIo, parameters: P, original: O): Promise<Proof>;
  revert(io: FaultIo, parameters: P, original: O): Promise<void>;
  proveGone(io: FaultIo, parameters: P, original: O): Promise<Proof>;
}

/** A fault bound to its parameters and, from capture on, to its original state. */
export interface BoundFault {
  lacks(target: Target): string | null;
  touches(io: FaultIo): Promise<Touch[]>;
  check(io: FaultIo): Promise<void>;
  capture(io: FaultIo, run: FaultRun): Promise<Record<string, unknown>>;
  inject(io: FaultIo, original: unknown): Promise<void>;
  prove(io: FaultIo, original: unknown): Promise<Proof>;
  revert(io: FaultIo, original: unknown): Promise<void>;
  proveGone(io: FaultIo, original: unknown): Promise<Proof>;
}

export interface FaultDefinition {
  id: string;
  /** What its parameters may be. */
  parameters: z.ZodType;
  bind(parameters: FaultSpec['parameters']): BoundFault;
}

/** Validates at every crossing, so that a stored undo record is as safe to replay as a fresh one. */
export function defineFault<P, O extends Record<string, unknown>>(fault: Fault<P, O>): FaultDefinition {
  return {
    id: fault.id,
    parameters: fault.parameters,
    bind(raw) {
      const p = fault.parameters.parse(raw);
      return {
        lacks: (target) => fault.lacks(target, p),
        touches: async (io) => fault.touches(io, p),
        check: async (io) => fault.check(io, p),
        capture: async (io, run) => fault.capture(io, p, run),
        inject: async (io, o) => fault.inject(io, p, fault.original.parse(o)),
        prove: async (io, o) => fault.prove(io, p, fault.original.parse(o)),
        revert: async (io, o) => fault.revert(io, p, fault.original.parse(o)),
        proveGone: async (io, o) => fault.proveGone(io, p, fault.original.parse(o)),
      };
    },
  };
}
