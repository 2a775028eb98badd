import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { firstBackInside, isUnsteady, steadyBand } from '../../../lambdas/analysis/steady-state.ts';
import { resilientDatabase, served } from './support/stories.ts';
import { tell } from './support/story.ts';

const { evidence, truth } = tell({
  ...resilientDatabase,
  baselineSeconds: 600,
  holdSeconds: 2900,
  rps: 40,
  answer: (at, _e, t, random) => (at > t.fault && at < t.recovered ? { outcome: 'http_503', ms: 3 } : served(random)),
});

test('an hour of windows is analysed in seconds', () => {
  expect(evidence.windows.length).toBeGreaterThan(3500);
  const started = performance.now();
  const result = analyse(evidence);
  expect(performance.now() - started).toBeLessThan(15_000);
  expect(result.verdict).not.toBe('ERROR');
});

test('the live rule is cheap enough to ask every second', () => {
  const points = evidence.windows.map((w) => ({ t: w.t, requests: 40, failures: 0, p50Ms: 4, p95Ms: 8 }));
  const started = performance.now();
  const band = steadyBand(points.filter((p) => p.t < truth.inject));
  if (isUnsteady(band)) throw new Error(band.unsteady);
  firstBackInside(points, band, Math.floor(truth.revert));
  expect(performance.now() - started).toBeLessThan(1000);
});
