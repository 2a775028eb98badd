import { describeProblems } from '../aws/input.ts';
import { parametersOf } from '../faults/registry.ts';
import type { Overrides } from '../runs/run.ts';
import type { FaultSpec, Scenario } from './scenario.ts';

export class OverridesInvalid extends Error {
  constructor(scenario: string, problems: string) {
    super(`overrides of ${scenario}: ${problems}`);
    this.name = 'OverridesInvalid';
  }
}

/**
 * The scenario as a run with these overrides has it, in both profiles. Its notes, which the report prints, say what is
 * not as in the scenario's file.
 * @throws OverridesInvalid
 */
export function withOverrides(scenario: Scenario, overrides: Overrides = {}): Scenario {
  const { parameters = {}, seconds = {}, load = {} } = overrides;
  const fault = faultWith(scenario, parameters);
  const quick = { ...scenario.seconds.quick, ...seconds };
  const full = { ...scenario.seconds.full, ...seconds };
  const changes = [
    ...changesOf(parameters, scenario.fault?.parameters ?? {}),
    ...changesOf(load, scenario.load),
    ...Object.entries(seconds).map(([phase, s]) => `${phase} ${s} s`),
  ];
  if (changes.length === 0) return scenario;
  const note = `This run was asked to differ from the scenario: ${changes.join(', ')}.`;
  return {
    ...scenario,
    fault,
    load: { ...scenario.load, ...load },
    seconds: { quick, full },
    notes: [...(scenario.notes ?? []), note],
  };
}

function faultWith({ id, fault }: Scenario, parameters: FaultSpec['parameters']): FaultSpec | null {
  if (Object.keys(parameters).length === 0) return fault;
  if (!fault) throw new OverridesInvalid(id, 'it has no fault, and so no parameters');
  const all = { ...fault.parameters, ...parameters };
  const { error } = parametersOf(fault.id).safeParse(all);
  if (error) throw new OverridesInvalid(id, describeProblems(error));
  return { ...fault, parameters: all };
}

const changesOf = (wanted: object, usual: object) =>
  Object.entries(wanted).map(([name, value]) => {
    const own = (usual as Record<string, unknown>)[name];
    return own === undefined ? `${name} ${value}` : `${name} ${value} in place of ${own}`;
  });
