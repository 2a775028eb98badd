import { upperBound } from './upper-bound.ts';

test('none in 20 leaves up to 14 %, none in 60 up to 5 %', () => {
  expect(upperBound(0, 20)).toBeCloseTo(1 - 0.05 ** (1 / 20), 9);
  expect(upperBound(0, 20)).toBeCloseTo(0.139, 3);
  expect(upperBound(0, 60)).toBeCloseTo(0.0487, 4);
});

test('what was seen raises the bound, up to everything', () => {
  // Clopper and Pearson's own figures for one and two of 20, one-sided.
  expect(upperBound(1, 20)).toBeCloseTo(0.2161, 4);
  expect(upperBound(2, 20)).toBeCloseTo(0.2826, 4);
  expect(upperBound(20, 20)).toBeCloseTo(1, 9);
});
