import { seededRandom } from '../../../lambdas/analysis/bootstrap.ts';
import {
  firstBackInside,
  firstOutside,
  isUnsteady,
  type SteadyBand,
  type SteadyPoint,
  steadyBand,
  steadyRule,
} from '../../../lambdas/analysis/steady-state.ts';

const point = (t: number, change: Partial<SteadyPoint> = {}): SteadyPoint => ({
  t,
  requests: 100,
  failures: 0,
  p50Ms: 4,
  p95Ms: 10,
  ...change,
});

const calm = (from: number, to: number, change: Partial<SteadyPoint> = {}) =>
  Array.from({ length: to - from }, (_, i) => point(from + i, change));

const bandOf = (points: SteadyPoint[]): SteadyBand => {
  const band = steadyBand(points);
  if (isUnsteady(band)) throw new Error(band.unsteady);
  return band;
};

describe('the band of a baseline', () => {
  test('is as wide as its floors when nothing varies', () => {
    const band = bandOf(calm(0, 15));
    expect(band.errorRate.limit).toBeCloseTo(0.005);
    expect(band.p95Ms.limit).toBeCloseTo(30);
    expect(band.throughput.limit).toBeCloseTo(90);
  });

  test('takes a quarter of a slow latency, not 20 ms', () => {
    expect(bandOf(calm(0, 15, { p95Ms: 400 })).p95Ms.limit).toBeCloseTo(500);
  });

  test('widens with the spread of its seconds', () => {
    const spread = calm(0, 15).map((p, i) => ({ ...p, p95Ms: 100 + (i % 5) * 20 }));
    expect(bandOf(spread).p95Ms.limit).toBeCloseTo(140 + steadyRule.k * 20);
  });

  test('counts seconds without a window as seconds without a request', () => {
    const band = steadyBand(calm(0, 20).filter((p) => p.t < 8 || p.t > 17));
    expect(isUnsteady(band) && band.unsteady).toMatch(/too little traffic: 0 requests in 5 s/);
  });

  test.each([
    ['is too short', calm(0, 6), [], /6 s of load/],
    ['has too little traffic', calm(0, 15, { requests: 3 }), [], /too little traffic: 15 requests/],
    ['fails one request in a hundred', calm(0, 15, { failures: 1 }), [], /error rate is 1.0 %/],
    [
      'has a failing health check',
      calm(0, 15),
      calm(0, 15).map((p) => ({ t: p.t, status: p.t > 12 ? 503 : 200 })),
      /2 of 15 probes of the baseline \(503\)/,
    ],
    ['has a silent health check', calm(0, 15), calm(0, 15).map((p) => ({ t: p.t, status: null })), /no answer/],
  ])('is refused when the baseline %s', (_what, points, health, reason) => {
    const band = steadyBand(points, health);
    expect(isUnsteady(band) && band.unsteady).toMatch(reason);
  });

  test('forgives one failed probe in fifteen', () => {
    const health = calm(0, 15).map((p) => ({ t: p.t, status: p.t === 7 ? null : 200 }));
    expect(isUnsteady(steadyBand(calm(0, 15), health))).toBe(false);
  });
});

describe('leaving the band', () => {
  const band = bandOf(calm(0, 15));
  const outageFrom = (t: number, change: Partial<SteadyPoint>) => [...calm(0, t), ...calm(t, t + 20, change)];

  test.each([
    ['errors', { failures: 30 }, 'errorRate'],
    ['slow answers', { p95Ms: 80, p50Ms: 60 }, 'p50Ms'],
    ['a slow tail', { p95Ms: 80 }, 'p95Ms'],
    ['lost throughput', { requests: 60 }, 'throughput'],
    ['silence', { requests: 0, p50Ms: null, p95Ms: null }, 'throughput'],
  ] as const)('by %s is dated back to its first second', (_what, change, metric) => {
    expect(firstOutside(outageFrom(20, change), band, 15)).toMatchObject({ at: 20, metric });
  });

  test('takes more than one bad second, or two', () => {
    const blip = [...calm(0, 20), ...calm(20, 22, { failures: 50, requests: 20, p95Ms: 500 }), ...calm(22, 40)];
    expect(firstOutside(blip, band, 15)).toBeNull();
  });

  test('by being faster or busier is no deviation', () => {
    expect(firstOutside(outageFrom(20, { p95Ms: 1, p50Ms: 0.5, requests: 300 }), band, 15)).toBeNull();
  });

  test('is not told before there are seven seconds to tell it from', () => {
    const points = outageFrom(20, { failures: 50 });
    expect(
      firstOutside(
        points.filter((p) => p.t < 22),
        band,
        15,
      ),
    ).toBeNull();
    expect(
      firstOutside(
        points.filter((p) => p.t < 25),
        band,
        18,
      )?.confirmedAt,
    ).toBeLessThanOrEqual(25);
  });
});

describe('coming back', () => {
  const band = bandOf(calm(0, 15));
  const back = (t: number, change: Partial<SteadyPoint>) => [
    ...calm(0, 20),
    ...calm(20, t, change),
    ...calm(t, t + 20),
  ];

  test.each([
    ['errors', { failures: 3 }],
    ['slow answers', { p95Ms: 500 }],
    ['silence', { requests: 0, p50Ms: null, p95Ms: null }],
  ] as const)('from %s is dated to the first clean second', (_what, change) => {
    expect(firstBackInside(back(40, change), band, 25)).toMatchObject({ at: 40, certainBy: 41 });
  });

  test('is not seen while the failure goes on', () => {
    expect(firstBackInside(calm(0, 60, { failures: 20 }), band, 20)).toBeNull();
  });

  test('is not seen in silence', () => {
    expect(firstBackInside([...calm(0, 20), point(60)], band, 20)).toBeNull();
  });

  test('a pause of the failure is no return', () => {
    const points = [
      ...back(40, { failures: 30 }).filter((p) => p.t < 43),
      ...calm(43, 50, { failures: 30 }),
      ...calm(50, 70),
    ];
    expect(firstBackInside(points, band, 25)?.at).toBe(50);
  });
});

test('of healthy but noisy runs hardly any looks broken', () => {
  const random = seededRandom('noise');
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  let alarms = 0;
  for (let run = 0; run < 200; run++) {
    let drift = 0;
    const points = Array.from({ length: 45 }, (_, t) => {
      drift = 0.7 * drift + 0.2 * normal();
      const stalled = random() < 0.01 ? 0.5 : 1;
      const speed = Math.exp(drift);
      return point(t, {
        requests: Math.round(stalled * (100 + 4 * normal())),
        failures: random() < 0.03 ? 1 : 0,
        p50Ms: 4 * speed,
        p95Ms: 11 * speed * Math.exp(0.15 * normal()),
      });
    });
    const band = steadyBand(points.slice(0, 15));
    if (isUnsteady(band) || firstOutside(points, band, 15)) alarms++;
  }
  expect(alarms).toBeLessThanOrEqual(4);
});
