import type { SliceResult } from '../aws/step.ts';
import type { RunContext } from '../runs/run-context.ts';
import { type BoundFault, type FaultIo, FaultRefused, type Proof } from './fault.ts';
import { bindFault } from './registry.ts';

const sliceSeconds = 45;
/** Services take minutes to stop and to start on Fargate. */
const proofLimitSeconds = 300;

/**
 * Captures the original state, writes the undo record, then mutates. A run that was reverted in the meantime has left
 * its tombstone: then nothing is touched.
 * @throws FaultRefused when the fault could not be undone, or the run was reverted already
 */
export async function inject({ run, runs, safety, clock, fault, scenario, io }: RunContext): Promise<void> {
  if (!fault || !scenario.fault) throw new FaultRefused(`scenario ${scenario.id} has no fault`);
  await runs.enterPhase(run.runId, 'inject', clock.now(), null);
  const undo = await safety.writeUndo({
    runId: run.runId,
    faultId: scenario.fault.id,
    parameters: scenario.fault.parameters,
    original: await fault.capture(io),
    createdAt: clock.now(),
    status: 'open',
  });
  const latest = await safety.undo(run.runId);
  if (undo.status !== 'open' || latest?.status !== 'open') {
    throw new FaultRefused(`run ${run.runId} was reverted already: nothing is injected`);
  }
  await fault.inject(io, undo.original);
}

/** Waits until an independent measurement shows the fault. `stop` means that it never did: the run is INVALID. */
export async function proveLanded(context: RunContext): Promise<SliceResult> {
  const { run, runs, safety, clock, fault, io } = context;
  const undo = await safety.undo(run.runId);
  if (!fault || !undo) throw new FaultRefused(`run ${run.runId} has no undo record: nothing was injected`);
  const proof = await untilProven(context, () => fault.prove(io, undo.original));
  if (proof.proven) {
    await runs.addEvent(run.runId, { at: proof.at, type: 'fault-landed', detail: { proof: proof.detail } });
    return { status: 'done' };
  }
  if (clock.now() < run.phaseStartedAt + proofLimitSeconds) return { status: 'continue' };
  const detail = `not proven within ${proofLimitSeconds} s: ${proof.detail}`;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail } });
  return { status: 'stop', reason: detail };
}

/**
 * Restores the original state from the undo record. Idempotent; with nothing captured it only leaves the tombstone.
 */
export async function revert({ run, runs, safety, clock, io }: RunContext): Promise<{ reverted: boolean }> {
  const undo = await safety.tombstone(run.runId, clock.now());
  if (!undo || undo.status === 'done') return { reverted: false };
  await runs.enterPhase(run.runId, 'revert', clock.now(), null);
  const fault = bindFault({ id: undo.faultId, parameters: undo.parameters as never });
  await fault.revert(io, undo.original);
  return { reverted: true };
}

/** Waits until the fault is proven gone, then closes the undo record. Nothing to prove is `done`. */
export async function proveGone(context: RunContext): Promise<SliceResult> {
  const { run, runs, safety, clock, io } = context;
  const undo = await safety.undo(run.runId);
  if (!undo || undo.faultId === 'none' || undo.status === 'done') return { status: 'done' };
  const fault: BoundFault = bindFault({ id: undo.faultId, parameters: undo.parameters as never });
  const proof = await untilProven(context, () => fault.proveGone(io as FaultIo, undo.original));
  if (proof.proven) {
    await runs.addEvent(run.runId, { at: proof.at, type: 'fault-gone', detail: { proof: proof.detail } });
    await safety.closeUndo(run.runId);
    return { status: 'done' };
  }
  if (clock.now() < run.phaseStartedAt + proofLimitSeconds) return { status: 'continue' };
  const detail = `still there after ${proofLimitSeconds} s: ${proof.detail}`;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail } });
  return { status: 'stop', reason: detail };
}

async function untilProven({ clock }: RunContext, prove: () => Promise<Proof>): Promise<Proof & { at: number }> {
  const until = clock.now() + sliceSeconds;
  for (;;) {
    const proof = await prove();
    if (proof.proven || clock.now() >= until) return { ...proof, at: clock.now() };
    await clock.sleep(0.2);
  }
}
