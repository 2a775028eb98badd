import { scenarios } from '../../lambdas/scenarios/registry.ts';

/** The scenarios for people, or as JSON for scripts. */
export function listScenarios(json: boolean): string {
  if (json) return `${JSON.stringify(scenarios, null, 2)}\n`;
  const lines = scenarios.map(({ id, status, trigger, seconds }) => {
    const time = `fault ${seconds.quick.fault} s quick, ${seconds.full.fault} s full`;
    return `${id.padEnd(20)} ${(status === 'available' ? time : 'not available yet').padEnd(34)} ${trigger}`;
  });
  return `${lines.join('\n')}\n`;
}
