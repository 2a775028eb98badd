import fc from 'fast-check';
import { sampleSchema } from '../../../lambdas/evidence/sample.ts';
import { readAppMetrics } from '../../../lambdas/observer/app-metrics.ts';

const series = { requests: 'app_requests_total', poolInUse: 'app_pool_in_use', breakerState: 'app_breaker_state' };

test('reads the configured series, and nothing else', () => {
  const text = [
    '# HELP app_requests_total Requests',
    '# TYPE app_requests_total counter',
    'app_requests_total 42',
    'app_pool_in_use 3 1700000000000',
    'app_other_total 7',
  ].join('\n');
  const read = readAppMetrics(text, series);
  expect(read).toMatchObject({ requests: 42, poolInUse: 3, breakerState: null, cacheHits: null });
});

test('a series with labels is summed over them', () => {
  const text = 'app_requests_total{route="/a",code="200"} 40\r\napp_requests_total{route="/b"} 2.5\r\n';
  expect(readAppMetrics(text, series).requests).toBe(42.5);
});

test('a label may hold braces, spaces, commas and escaped quotes', () => {
  const text = 'app_requests_total{route="/a/{id} \\"x\\", y",code="200"} 40\napp_requests_total{} 2';
  expect(readAppMetrics(text, series).requests).toBe(42);
});

test('a name that only begins like a configured one is another series', () => {
  expect(readAppMetrics('app_requests_total_created 5\napp_requests_totals{a="b"} 6', series).requests).toBeNull();
});

test.each(['NaN', '+Inf', '-Inf', 'Infinity', '1e999', '', 'forty'])('%j is no measurement', (value) => {
  expect(readAppMetrics(`app_requests_total ${value}`, series).requests).toBeNull();
});

test('what is measured always fits into a sample, whatever the endpoint answers', () => {
  const name = fc.constantFrom('app_requests_total', 'app_pool_in_use', 'other', '# app', '');
  const label = fc.string({ unit: 'binary', maxLength: 12 });
  const value = fc.oneof(fc.double().map(String), fc.string({ maxLength: 8 }), fc.constant('1.7e308'));
  const line = fc.tuple(name, label, value).map(([n, l, v]) => `${n}{route="${l}"} ${v}`);
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(line).map((lines) => lines.join('\n')),
  );
  const names = fc.dictionary(fc.string(), fc.string());
  fc.assert(
    fc.property(text, names, (exposition, anySeries) => {
      const read = readAppMetrics(exposition, { ...anySeries, ...series });
      expect(sampleSchema.shape.app.safeParse(read).success).toBe(true);
      expect(read).not.toHaveProperty('error');
    }),
  );
});

test('sums are exact for whole numbers, in any order of lines', () => {
  const counts = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(counts, (numbers) => {
      const text = numbers.map((n, i) => `app_requests_total{worker="${i}"} ${n}`).join('\n');
      expect(readAppMetrics(text, series).requests).toBe(numbers.reduce((a, b) => a + b, 0));
    }),
  );
});

test('a long hostile line takes no long time', () => {
  const began = performance.now();
  readAppMetrics(`app_requests_total{${'a="b",'.repeat(50_000)} 1\n${'"'.repeat(100_000)}`, series);
  readAppMetrics(`x{${'\\'.repeat(100_000)}`, series);
  expect(performance.now() - began).toBeLessThan(1000);
});
