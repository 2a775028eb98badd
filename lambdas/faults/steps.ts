import type { SliceResult } from '../aws/step.ts';
import { waitLimits } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { guard } from '../safety/guard.ts';
import { leasedResources } from '../safety/leased-resources.ts';
import { isSettled, type UndoRecord } from '../safety/undo-record.ts';
import type { FaultSpec } from '../scenarios/scenario.ts';
import { type BoundFault, FaultRefused, FaultWithoutEffect, type Proof } from './fault.ts';
import { bindFault } from './registry.ts';

const sliceSeconds = 45;
const pollSeconds = 0.2;

/**
 * Captures the original state, writes the undo record, then mutates. A run that was reverted in the meantime has left
 * its tombstone: then nothing is touched, and what had been touched already when it came is undone again. Called again
 * it mutates again, with the state that was captured first. `stop`: the run has to stop and nothing was touched, or the
 * fault's tool ran without an effect, which makes the run INVALID.
 * @throws FaultRefused when the fault could not be undone, or the run was reverted already; LeaseLost
 */
export async function inject(context: RunContext): Promise<SliceResult> {
  const { run, runs, undoRecords, leases, clock, fault, scenario, io } = context;
  const spec = scenario.fault;
  if (!fault || !spec) throw new FaultRefused(`scenario ${scenario.id} has no fault`);
  await runs.enterPhase(run.runId, 'inject', clock.now(), null);
  const until = clock.now() + waitLimits.inject;
  const captured = async (): Promise<UndoRecord> => ({
    runId: run.runId,
    faultId: spec.id,
    parameters: spec.parameters,
    original: await fault.capture(io, run),
    createdAt: clock.now(),
    injectingUntil: until,
    status: 'open',
  });
  // A retry finds the faulted state, which says nothing of the original one.
  if (await undoRecords.get(run.runId)) await undoRecords.setInjecting(run.runId, until);
  else {
    const { original } = await undoRecords.write(await captured());
    await runs.addEvent(run.runId, { at: clock.now(), type: 'undo-written', detail: { original } });
  }
  try {
    const stop = await guard(context)();
    if (stop !== null) return { status: 'stop', reason: stop };
    await leases.assertHeld(leasedResources(io.target, run.hosts), run.runId);
    const undo = await openUndo(context);
    await fault.inject(io, undo.original);
  } catch (error) {
    if (!(error instanceof FaultWithoutEffect)) throw error;
    await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail: error.message } });
    return { status: 'stop', reason: error.message };
  } finally {
    await undoRecords.setInjecting(run.runId, null);
  }
  return assertNotReverted(context, fault);
}

/** A revert that came between the look at the tombstone and the last call has undone only what there was. */
async function assertNotReverted(context: RunContext, fault: BoundFault): Promise<SliceResult> {
  const undo = await context.undoRecords.get(context.run.runId);
  if (undo?.status === 'open') return { status: 'done' };
  if (undo) await fault.revert(context.io, undo.original);
  throw new FaultRefused(`run ${context.run.runId} was reverted meanwhile: what was injected late is undone again`);
}

async function openUndo({ undoRecords, run }: RunContext): Promise<UndoRecord> {
  const undo = await undoRecords.get(run.runId);
  if (undo?.status !== 'open') throw new FaultRefused(`run ${run.runId} was reverted already: nothing is injected`);
  return undo;
}

/**
 * Waits until an independent measurement shows the fault. `stop` means that it never did, which makes the run INVALID,
 * or that the run has to stop.
 */
export async function proveLanded(context: RunContext): Promise<SliceResult> {
  const { run, runs, undoRecords, clock, fault, io } = context;
  const undo = await undoRecords.get(run.runId);
  if (!fault || !undo) throw new FaultRefused(`run ${run.runId} has no undo record: nothing was injected`);
  const limit = run.phaseStartedAt + waitLimits.proof;
  const until = Math.min(clock.now() + sliceSeconds, limit);
  const proof = await untilProven(context, until, () => fault.prove(io, undo.original), guard(context));
  if (proof.proven) {
    await runs.addEvent(run.runId, { at: proof.at, type: 'fault-landed', detail: { proof: proof.detail } });
    return { status: 'done' };
  }
  if (proof.stop !== null) return { status: 'stop', reason: proof.stop };
  if (!proof.isFinal && clock.now() < limit) return { status: 'continue' };
  const detail = proof.isFinal ? proof.detail : `not proven within ${waitLimits.proof} s: ${proof.detail}`;
  await runs.addEvent(run.runId, { at: clock.now(), type: 'fault-not-proven', detail: { detail } });
  return { status: 'stop', reason: detail };
}

/**
 * Restores the original state from the undo record. Idempotent; with nothing captured it only leaves the tombstone.
 */
export async function revert({ run, runs, undoRecords, clock, io }: RunContext): Promise<{ reverted: boolean }> {
  const undo = await undoRecords.tombstone(run.runId, clock.now());
  if (!undo || undo.status === 'done') return { reverted: false };
  const requestedAt = clock.now();
  await faultOf(undo).revert(io, undo.original);
  // The books come after it: a table that throttles must not keep a fault where it is.
  await runs.enterPhase(run.runId, 'revert', requestedAt, null);
  return { reverted: true };
}

/**
 * Waits until the fault is proven gone, then closes the undo record. Nothing to prove is `done`; `stop`: it was not
 * reverted, or is still there.
 */
export async function proveGone(context: RunContext): Promise<SliceResult> {
  const { run, runs, undoRecords, clock, io } = context;
  const undo = await undoRecords.get(run.runId);
  if (!undo || undo.faultId === 'none' || undo.status === 'done') return { status: 'done' };
  if (undo.status === 'open') return { status: 'stop', reason: 'it was not reverted yet' };
  const fault = faultOf(undo);
  // A whole slice: the run may have been in this phase for long when its clean-up comes here.
  const until = clock.now() + sliceSeconds;
  const proof = await untilProven(context, until, async () => {
    // Read before the measurement: an injector that is still at work could land after it.
    const latest = (await undoRecords.get(run.runId)) ?? undo;
    if (!isSettled(latest, clock.now())) return { proven: false, detail: 'an injection may still be at work' };
    return fault.proveGone(io, undo.original);
  });
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

/** Measures until it is proven, that time has come, or there is a reason to stop. */
async function untilProven(
  { clock }: RunContext,
  until: number,
  prove: () => Promise<Proof>,
  stopping: () => Promise<string | null> = async () => null,
): Promise<Proof & { at: number; stop: string | null }> {
  for (;;) {
    const proof = await prove();
    const at = clock.now();
    if (proof.proven || proof.isFinal) return { ...proof, at, stop: null };
    const stop = await stopping();
    if (stop !== null || at >= until) return { ...proof, at, stop };
    await clock.sleep(pollSeconds);
  }
}
