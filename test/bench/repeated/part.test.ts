import { partOf, refusePart } from './part.ts';

test('all runs are made where nobody asks for a part of them', () => {
  expect(partOf(20, {})).toBe(20);
  expect(partOf(20, { FAULTLINE_BENCH_RUNS: '2' })).toBe(2);
});

test.each(['0', '21', '2.5', 'two', '-1'])('%s runs of 20 cannot be asked for', (text) => {
  expect(() => partOf(20, { FAULTLINE_BENCH_RUNS: text })).toThrow(
    `FAULTLINE_BENCH_RUNS is '${text}'; it has to be a whole number from 1 to 20`,
  );
});

test('a part is told, and is no result', () => {
  expect(() => refusePart(2, 20, { alarms: [] })).toThrow('asked for 2 of 20, which is no result: {"alarms":[]}');
  expect(() => refusePart(20, 20, {})).not.toThrow();
});
