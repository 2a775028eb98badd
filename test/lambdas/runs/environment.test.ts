import { environment } from '../../../lambdas/runs/environment.ts';

const before = { ...process.env };
beforeEach(() => {
  for (const name of ['TABLE_NAME', 'BUCKET_NAME', 'FAULTLINE_MODE', 'LOAD_WORKERS']) delete process.env[name];
});
afterEach(() => {
  process.env = { ...before };
});

test('reads only what is asked for, with its type', () => {
  Object.assign(process.env, { TABLE_NAME: 'runs', LOAD_WORKERS: '4' });
  expect(environment('TABLE_NAME', 'LOAD_WORKERS')).toEqual({ TABLE_NAME: 'runs', LOAD_WORKERS: 4 });
});

test('names every variable that is missing or malformed, at once', () => {
  Object.assign(process.env, { TABLE_NAME: 'runs', BUCKET_NAME: '', FAULTLINE_MODE: 'cloud' });
  const read = () => environment('TABLE_NAME', 'BUCKET_NAME', 'FAULTLINE_MODE', 'LOAD_WORKERS');
  expect(read).toThrow(/^environment: .*BUCKET_NAME.*; .*FAULTLINE_MODE.*; .*LOAD_WORKERS/);
  expect(read).not.toThrow(/TABLE_NAME/);
});

test.each(['0', '201', 'two', '2.5'])('%s workers are not accepted', (workers) => {
  process.env.LOAD_WORKERS = workers;
  expect(() => environment('LOAD_WORKERS')).toThrow(/LOAD_WORKERS/);
});
