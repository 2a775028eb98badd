import fc from 'fast-check';
import { seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import { isBeyondNoise, meanOfDifferences, newAgainstMean } from '../../../lambdas/comparison/noise.ts';

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const exact = (value: number) => ({ value, resolution: 0 });

/** How many of so many experiments come out beyond noise, as a share. */
function shareBeyond(experiment: (random: () => number) => { low: number; high: number; difference: number }): number {
  const random = seededRandom('noise');
  const experiments = 4000;
  let beyond = 0;
  for (let i = 0; i < experiments; i++) if (isBeyondNoise(experiment(random))) beyond++;
  return beyond / experiments;
}

describe('one more run against the mean of others', () => {
  test.each([3, 5, 12])('of %i runs of the same kind is taken for another kind in 5 %% of the cases', (runs) => {
    const share = shareBeyond((random) => {
      const others = Array.from({ length: runs }, () => exact(50 + 7 * normal(random)));
      return newAgainstMean(exact(50 + 7 * normal(random)), others);
    });
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.06);
  });

  test('is found where it is far from all of them', () => {
    const others = [8.2, 8.4, 8.6].map(exact);
    expect(newAgainstMean(exact(3.4), others)).toMatchObject({ difference: expect.closeTo(-5, 6) });
    expect(isBeyondNoise(newAgainstMean(exact(3.4), others))).toBe(true);
    expect(isBeyondNoise(newAgainstMean(exact(7.6), others))).toBe(false);
  });

  test('is never told from others more finely than the figures themselves resolve', () => {
    const figure = fc.record({
      value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      resolution: fc.double({ min: 0, max: 1e3, noNaN: true }),
    });
    fc.assert(
      fc.property(figure, fc.array(figure, { minLength: 2, maxLength: 8 }), (now, others) => {
        const { low, high } = newAgainstMean(now, others);
        expect(high - low).toBeGreaterThanOrEqual(2 * now.resolution * (1 - 1e-9) - 1e-9);
      }),
    );
  });
});

describe('the mean of paired differences', () => {
  test('between runs of the same kind excludes 0 in 5 % of the cases', () => {
    const share = shareBeyond((random) => {
      const one = () => exact(5 + normal(random));
      return meanOfDifferences(Array.from({ length: 3 }, () => [one(), one()] as const));
    });
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.06);
  });

  test('takes out what both runs of a pair have in common', () => {
    const pairs = [10, 20, 30].map((common) => [exact(common + 1), exact(common)] as const);
    expect(meanOfDifferences(pairs)).toEqual({ difference: 1, low: 1, high: 1 });
  });

  test('of figures that all leave something open is no more certain than they are', () => {
    const pairs = [1, 2].map(
      (value) =>
        [
          { value, resolution: 3 },
          { value, resolution: 4 },
        ] as const,
    );
    const { low, high } = meanOfDifferences(pairs);
    expect([low, high]).toEqual([-Math.sqrt(50) / 2, Math.sqrt(50) / 2]);
  });
});
