import { statesOf } from './definition.ts';
import { machines } from './machines.fixture.ts';
import { numberOfStates } from './number-of-states.ts';

test('the states of all machines but those around the runs are counted, those inside states too', () => {
  const { names, definitionOf } = machines();
  const counted = names
    .filter((name) => !/^faultline-(game-day|scheduled-start)/.test(name))
    .map((name) => statesOf(definitionOf(name)).length);
  expect(numberOfStates()).toBe(counted.reduce((sum, n) => sum + n));
});
