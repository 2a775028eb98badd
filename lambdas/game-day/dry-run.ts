import type { Touch } from '../faults/fault.ts';
import { isOver } from '../safety/is-over.ts';
import { hostsOf, leasedResources } from '../safety/leased-resources.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import type { StartRequest } from './game-day.ts';
import { type Inapplicable, inapplicable } from './inapplicable.ts';
import { type LookServices, lookAhead } from './look-ahead.ts';

export interface DryRun {
  target: string;
  wouldTouch: { scenario: ScenarioId; touches: Touch[] }[];
  /** Scenarios that would not be run, for the target has nothing that they could break. */
  inapplicable: Inapplicable[];
  /** What would keep the game-day from starting, and at which of its scenarios. */
  refusals: { error: string; detail: string; scenarios: ScenarioId[] }[];
}

/** What a start would touch and what would refuse it; touches nothing. @throws TargetNotFound, TargetInvalid */
export async function dryRun(request: StartRequest, services: LookServices): Promise<DryRun> {
  const target = await services.target(request.target);
  const skipped = inapplicable(target, request.scenarios);
  // Where none is left, each says why.
  const left = request.scenarios.filter((id) => !skipped.some(({ scenario }) => scenario === id));
  const looks = await lookAhead(left.length > 0 ? { ...request, scenarios: left } : request, services);
  const resources = leasedResources(target, await hostsOf(services.ioOf(target)));
  const taken = await services.leases.refusal(resources, isOver(services));
  const refusals = new Map<string, DryRun['refusals'][number]>();
  for (const { scenario, refusals: own } of looks) {
    for (const { name, message } of taken ? [taken, ...own] : own) {
      const refusal = refusals.get(message) ?? { error: name, detail: message, scenarios: [] };
      refusal.scenarios.push(scenario);
      refusals.set(message, refusal);
    }
  }
  return {
    target: request.target,
    wouldTouch: looks.map(({ scenario, touches }) => ({ scenario, touches })),
    inapplicable: skipped,
    refusals: [...refusals.values()],
  };
}
