import { inapplicable } from '../../../lambdas/game-day/inapplicable.ts';
import { aTarget } from '../support/target.ts';

const hostScenarios = ['network-latency', 'memory-pressure', 'cpu-saturation', 'application-crash'] as const;

test('where the application could not be on a managed host, each scenario that needs one says why it is not run', () => {
  const hostless = 'it needs Debian or Ubuntu';
  const reason = `target 'shop' has no managed hosts (${hostless}): this scenario does not apply to it`;
  expect(inapplicable(aTarget({ hostless }), ['cache-failure', ...hostScenarios])).toEqual(
    hostScenarios.map((scenario) => ({ scenario, reason })),
  );
});
