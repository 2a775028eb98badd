import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BadInputFailure, badInputs } from '../../fuzz/bad-inputs.ts';
import { defineBenchmark } from '../benchmark.ts';

const least = 10_000;
const slices = 10;
const inASlice = 1_200;
/** Each slice has inputs of its own, and the same ones every time. */
const firstSeed = 1;

/** Whether anything gets through that should not. */
export const badInputsRefused = defineBenchmark({
  ids: {
    'bad-inputs': {
      unit: 'inputs',
      goal: { at: 'least', value: least },
      what: 'bad API requests, state inputs, target configurations and command lines that were sent in',
    },
    'bad-input-failures': {
      unit: 'inputs',
      goal: { at: 'most', value: 0 },
      what: 'of them, those that were not refused by name in one line, or got as far as changing something',
    },
  },
  async run({ signal, progress }) {
    let count = 0;
    const failures: BadInputFailure[] = [];
    for (let slice = 0; slice < slices; slice++) {
      signal.throwIfAborted();
      const result = await badInputs(inASlice, firstSeed + 1000 * slice);
      count += result.count;
      failures.push(...result.failures);
      // Whatever was not refused has been told; this is what was refused too late.
      if (result.touched && result.failures.length === 0)
        failures.push({ surface: 'any', input: `slice ${slice}`, why: 'something was touched' });
      progress(`${count} sent in, ${failures.length} not refused as they should be`);
      await nextTurn();
    }
    return {
      'bad-inputs': { value: count, detail: { slices, seeds: `${firstSeed} and every 1000 more` } },
      'bad-input-failures': { value: failures.length, detail: failures.slice(0, 20) },
    };
  },
});
