import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeployedApp } from './e2e-stack.ts';

/** Longer than the time between two checkpoints of a durable stack. */
const checkpointMs = 3_000;

/** Kills emulator, orchestrator, fault plane and every task at once, when what there is now has been checkpointed. */
export async function killEverything({ stack }: DeployedApp): Promise<void> {
  await sleep(checkpointMs);
  const { sandbox } = JSON.parse(readFileSync(join(stack.stateDir, 'owner.json'), 'utf8'));
  process.kill(sandbox.pid, 'SIGKILL');
  await stack.died;
}
