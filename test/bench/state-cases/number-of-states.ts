import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { faultlineApp } from '../../../lib/app.ts';

let known: number | undefined;

/** States of the scenarios' machines and of the clean-up's, those inside states too, as the app has them now. */
export function numberOfStates(): number {
  known ??= count(['faultline-clean-up', ...availableScenarios.map(({ id }) => `faultline-${id}`)]);
  return known;
}

function count(names: readonly string[]): number {
  // Without one of ours the app makes an output folder that stays.
  const outdir = mkdtempSync(join(tmpdir(), 'faultline-states-'));
  const app = faultlineApp({ context: { 'aws:cdk:bundling-stacks': [] }, outdir });
  rmSync(outdir, { recursive: true });
  const all = app.node.findAll().filter((construct) => construct instanceof CfnStateMachine);
  const machines = all.filter(({ stateMachineName }) => names.includes(stateMachineName!));
  if (machines.length !== names.length) throw new Error(`not all of these machines are there: ${names.join(', ')}`);
  return machines.map(statesOf).reduce((sum, n) => sum + n);
}

/** The definition is text, parts of it references; a state is what has a type. */
const statesOf = (machine: CfnStateMachine): number =>
  JSON.stringify(Stack.of(machine).resolve(machine.definitionString)).match(/\\"Type\\":/g)!.length;
