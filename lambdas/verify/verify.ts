import { randomUUID } from 'node:crypto';
import type { RunContext } from '../runs/run-context.ts';
import { readBack } from './readback.ts';

/** Reads the ledger back from the target and keeps the answers with the evidence; what was read in time is final. */
export async function verify({ run, runs, evidence, clock, io }: RunContext): Promise<{ acked: number }> {
  if (run.verdict !== null) return { acked: 0 };
  await runs.enterPhase(run.runId, 'verify', clock.now(), null);
  const ledger = await evidence.ledger(run.runId);
  const answers = await readBack(io.target, ledger, { fetch, clock, randomId: randomUUID });
  await evidence.writeReadback(run.runId, answers);
  return { acked: answers.filter((a) => !a.control).length };
}
