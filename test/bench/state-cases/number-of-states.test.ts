import { statesOf } from './definition.ts';
import { machines } from './machines.fixture.ts';
import { numberOfStates } from './number-of-states.ts';

test('the states of all machines but those of the game-day are counted, those inside states too', () => {
  const { names, definitionOf } = machines();
  const counted = names
    .filter((name) => !name.startsWith('faultline-game-day'))
    .map((name) => statesOf(definitionOf(name)).length);
  expect(numberOfStates()).toBe(counted.reduce((sum, n) => sum + n));
});
