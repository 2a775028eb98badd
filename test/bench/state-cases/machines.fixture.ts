import { machineNamed } from '../../lib/support/machine.ts';
import { synth } from '../../lib/support/synth.ts';
import type { Definition } from './definition.ts';

/** Every state machine of the service, as it is synthesized. */
export function machines(): { names: string[]; definitionOf(name: string): Definition } {
  const { core } = synth('aws');
  const found = Object.values(core.findResources('AWS::StepFunctions::StateMachine'));
  return {
    names: found.map((machine) => machine.Properties.StateMachineName),
    definitionOf: (name) => machineNamed(core, name),
  };
}
