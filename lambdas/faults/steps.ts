import type { SliceResult } from '../aws/step.ts';
import { waitLimits } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { guard } from '../safety/guard.ts';
import type { UndoRecord } from '../safety/undo-record.ts';
import type { FaultSpec } from '../scenarios/scenario.ts';
import { type BoundFault, FaultRefused, type Proof } from './fault.ts';
import { bindFault } from './registry.ts';

const sliceSeconds = 45;
const pollSeconds = 0.2;

/**
 * Captures the original state, writes the undo record, then mutates. A run that was reverted in the meantime has left
 * its tombstone: then nothing is touched. Called again it mutates again, with the state that was captured first.
 * @throws FaultRefused when the fault could not be undone, or the run was reverted already
 */
export async function inject({ run, runs, undoRecords, clock, fault, scenario, io }: RunContext): Promise<void> {
  const spec = scenario.fault;
  if (!fault || !spec) throw new FaultRefused(`scenario ${scenario.id} has no fault`);
  await runs.enterPhase(run.runId, 'inject', clock.now(), null);
  const captured = async (): Promise<UndoRecord> => ({
    runId: run.runId,
    faultId: spec.id,
    parameters: spec.parameters,
    original: await fault.capture(io),
    createdAt: clock.now(),
    status: 'open',
  });
  // A retry finds the faulted state, which says nothing of the original one.
  if (!(await undoRecords.get(run.runId))) await undoRecords.write(await captured());
  const undo = await undoRecords.get(run.runId);
  if (undo?.status !== 'open') throw new FaultRefused(`run ${run.runId} was reverted already: nothing is injected`);
  await fault.inject(io, undo.original);
}

/**
 * Waits until an independent measurement shows the fault. `stop` means that it never did, which makes the run INVALID,
 * or that the run has to stop.
 */
export async function proveLanded(context: RunContext): Promise<SliceResult> {
  const { run, runs, undoRecords, clock, fault, io } = context;
  const undo = await undoRecords.get(run.runId);
  if (!fault || !undo) throw new FaultRefused(`run ${run.runId} has no undo record: nothing was injected`);
  const proof = await untilProven(context, () => fault.prove(io, undo.original), guard(context));
  if (proof.proven) {
    await runs.addEvent(run.runId, { at: proof.at, type: 'fault-landed', detail: { proof: proof.detail } });
    return { status: 'done' };
  }
  if (proof.stop !== null) return { status: 'stop', reason: proof.stop };
  if (clock.now() < run.phaseStartedAt + waitLimits.proof) return { status: 'continue' };
  const detail = `not proven within ${waitLimits.proof} s: ${proof.detail}`;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail } });
  return { status: 'stop', reason: detail };
}

/**
 * Restores the original state from the undo record. Idempotent; with nothing captured it only leaves the tombstone.
 */
export async function revert({ run, runs, undoRecords, clock, io }: RunContext): Promise<{ reverted: boolean }> {
  const undo = await undoRecords.tombstone(run.runId, clock.now());
  if (!undo || undo.status === 'done') return { reverted: false };
  await runs.enterPhase(run.runId, 'revert', clock.now(), null);
  await faultOf(undo).revert(io, undo.original);
  return { reverted: true };
}

/** Waits until the fault is proven gone, then closes the undo record. Nothing to prove is `done`. */
export async function proveGone(context: RunContext): Promise<SliceResult> {
  const { run, runs, undoRecords, clock, io } = context;
  const undo = await undoRecords.get(run.runId);
  if (!undo || undo.faultId === 'none' || undo.status === 'done') return { status: 'done' };
  const fault = faultOf(undo);
  const proof = await untilProven(context, () => fault.proveGone(io, undo.original));
  if (proof.proven) {
    await runs.addEvent(run.runId, { at: proof.at, type: 'fault-gone', detail: { proof: proof.detail } });
    await undoRecords.close(run.runId, proof.at);
    return { status: 'done' };
  }
  if (clock.now() < run.phaseStartedAt + waitLimits.proof) return { status: 'continue' };
  const detail = `still there after ${waitLimits.proof} s: ${proof.detail}`;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail } });
  return { status: 'stop', reason: detail };
}

/** The fault that was injected, from its undo record alone; its parameters are validated as any others. */
function faultOf({ faultId, parameters }: UndoRecord): BoundFault {
  return bindFault({ id: faultId, parameters: parameters as FaultSpec['parameters'] });
}

/** Measures until it is proven, this slice is over, or there is a reason to stop. */
async function untilProven(
  { clock }: RunContext,
  prove: () => Promise<Proof>,
  stopping: () => Promise<string | null> = async () => null,
): Promise<Proof & { at: number; stop: string | null }> {
  const until = clock.now() + sliceSeconds;
  for (;;) {
    const proof = await prove();
    const at = clock.now();
    if (proof.proven) return { ...proof, at, stop: null };
    const stop = await stopping();
    if (stop !== null || at >= until) return { ...proof, at, stop };
    await clock.sleep(pollSeconds);
  }
}
