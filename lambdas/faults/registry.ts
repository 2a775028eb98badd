import type { z } from 'zod';
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
export const bindFault = ({ id, parameters }: FaultSpec): BoundFault => faultById(id).bind(parameters);

/** What a fault's parameters may be. @throws Error for an unknown fault */
export const parametersOf = (id: string): z.ZodType => faultById(id).parameters;

function faultById(id: string): FaultDefinition {
  const found = faults.find((f) => f.id === id);
  if (!found) throw new Error(`no fault '${id}'; there are: ${faults.map((f) => f.id).join(', ')}`);
  return found;
}
