import { z } from 'zod';
import type { TargetProcess } from '../target/target.ts';
import type { Hosts } from './hosts.client.ts';

export const statusDocument = 'Faultline-Status';

/** What it prints: the kernel's own figures of a host, and which faults are in force on it. */
export const hostStatusSchema = z.object({
  /** Epoch seconds by the host's clock. */
  at: z.number(),
  bootId: z.string(),
  device: z.string().nullable(),
  qdisc: z.string().nullable(),
  memory: z.object({
    totalKb: z.number(),
    availableKb: z.number(),
    swapTotalKb: z.number(),
    swapFreeKb: z.number(),
  }),
  /** Of all cores; null where it was not watched. */
  cpu: z.object({ cores: z.number(), idleShare: z.number().nullable() }),
  process: z.object({ pid: z.int(), startedAt: z.number(), residentKb: z.number() }).nullable(),
  /** Versions of what the documents work with, as far as the host has it; none where they were not asked for. */
  tools: z.record(z.string(), z.string().nullable()).default({}),
  faults: z.array(z.object({ runId: z.string(), fault: z.string(), state: z.enum(['active', 'reverted']) })),
});
export type HostStatus = z.infer<typeof hostStatusSchema>;

/** The document's own time-out: it is over in a second on a host that is not in trouble. */
const executionSeconds = 20;

export interface StatusRequest {
  runId: string;
  process: TargetProcess;
  /** For how long the processors are watched. Default: they are not. */
  idleMs?: number;
  /** Whether the tools are asked for their versions, which takes longer than all the rest. */
  tools?: boolean;
}

/** @throws HostOffline, HostCommandFailed */
export async function readStatus(
  hosts: Hosts,
  instanceId: string,
  { runId, process, idleMs = 0, tools = false }: StatusRequest,
): Promise<HostStatus> {
  const parameters = {
    RunId: runId,
    ...processParameters(process),
    IdleMs: String(idleMs),
    Tools: tools ? 'yes' : 'no',
    ExecutionSeconds: String(executionSeconds),
  };
  const { stdout } = await hosts.run(statusDocument, instanceId, parameters, { executionSeconds });
  return hostStatusSchema.parse(JSON.parse(stdout));
}

/** How the documents are told which process is the application's. */
export const processParameters = (process: TargetProcess): Record<string, string> =>
  'name' in process ? { Process: process.name } : { Unit: process.unit };
