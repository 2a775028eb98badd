import { applicationCrash } from './application-crash.ts';
import { cacheFailure } from './cache-failure.ts';
import { control } from './control.ts';
import { cpuSaturation } from './cpu-saturation.ts';
import { databaseFailure } from './database-failure.ts';
import { memoryPressure } from './memory-pressure.ts';
import { networkLatency } from './network-latency.ts';
import { type Scenario, type ScenarioId, scenarioIds } from './scenario.ts';
import { slowQuery } from './slow-query.ts';

/** Every scenario, in the order in which a game-day runs and the report prints them. */
export const scenarios: readonly Scenario[] = [
  control,
  databaseFailure,
  cacheFailure,
  networkLatency,
  slowQuery,
  memoryPressure,
  cpuSaturation,
  applicationCrash,
];

export const availableScenarios = scenarios.filter((s) => s.status === 'available');

export function isScenarioId(id: string): id is ScenarioId {
  return (scenarioIds as readonly string[]).includes(id);
}

/** @throws Error when there is no such scenario; callers validate ids at the edge with `isScenarioId`. */
export function scenarioById(id: ScenarioId): Scenario {
  const found = scenarios.find((s) => s.id === id);
  if (!found) throw new Error(`no scenario '${id}'`);
  return found;
}
