import type { FaultSpec } from '../scenarios/scenario.ts';
import { cpuSaturation } from './cpu-saturation.ts';
import { ecsServiceStop } from './ecs-service-stop.ts';
import type { BoundFault, FaultDefinition } from './fault.ts';
import { memoryPressure } from './memory-pressure.ts';
import { networkLatency } from './network-latency.ts';
import { processKill } from './process-kill.ts';
import { slowQuery } from './slow-query.ts';

const faults: readonly FaultDefinition[] = [
  ecsServiceStop,
  networkLatency,
  slowQuery,
  memoryPressure,
  cpuSaturation,
  processKill,
];

/** @throws Error for an unknown fault, ZodError for parameters outside their bounds. */
export function bindFault(spec: FaultSpec): BoundFault {
  const found = faults.find((f) => f.id === spec.id);
  if (!found) throw new Error(`no fault '${spec.id}'; there are: ${faults.map((f) => f.id).join(', ')}`);
  return found.bind(spec.parameters);
}
