import { z } from 'zod';
import { parametersOf } from '../faults/registry.ts';
import { overridesSchema, phaseSecondsSchema } from '../runs/run.ts';
import type { FaultSpec, Scenario } from '../scenarios/scenario.ts';
import type { FaultParameter, ScenarioAnswer } from './answers.ts';

/** What the schemas say of a value, as JSON Schema has it. */
interface Said {
  type?: FaultParameter['type'];
  minimum?: number;
  maximum?: number;
  default?: FaultParameter['default'];
  enum?: string[];
  properties?: Record<string, Said>;
}

const saidBy = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as Said;
const between = ({ minimum, maximum }: Said) => ({ minimum: minimum!, maximum: maximum! });

const load = saidBy(overridesSchema.shape.load).properties!;
const bounds = {
  seconds: between(saidBy(phaseSecondsSchema.shape.fault)),
  users: between(load.users!),
  spawnRate: between(load.spawnRate!),
};

/** A scenario for whoever wants to start it: its defaults, and within which bounds they can be overridden. */
export function describeScenario(scenario: Scenario): ScenarioAnswer {
  const { id, title, hypothesis, trigger, recovery, status, fault, load, seconds, metrics, behaviours } = scenario;
  return {
    ...{ id, title, hypothesis, trigger, recovery, status, load, seconds, bounds, metrics, behaviours },
    fault: fault && { id: fault.id, parameters: parametersWithBounds(fault) },
    targets: { rtoSeconds: scenario.targets.rtoSeconds },
  };
}

function parametersWithBounds({ id, parameters }: FaultSpec): FaultParameter[] {
  return Object.entries(saidBy(parametersOf(id)).properties ?? {}).map(([name, said]) => ({
    name,
    type: said.type ?? 'string',
    default: parameters[name] ?? said.default ?? null,
    ...(said.minimum !== undefined && { minimum: said.minimum }),
    ...(said.maximum !== undefined && { maximum: said.maximum }),
    ...(said.enum && { values: said.enum }),
    // What is hit is the scenario's and the target's to say.
    overridable: said.type !== 'string',
  }));
}
