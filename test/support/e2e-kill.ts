import { setTimeout as sleep } from 'node:timers/promises';
import { killFirstProcess } from '../infra/local/probe.ts';
import type { DeployedApp } from './e2e-stack.ts';

/** Longer than the time between two checkpoints of a durable stack. */
const checkpointMs = 3_000;

/** Kills emulator, orchestrator, fault plane and every task at once, when what there is now has been checkpointed. */
export async function killEverything({ stack }: DeployedApp): Promise<void> {
  await sleep(checkpointMs);
  killFirstProcess(stack);
  await stack.died;
}
