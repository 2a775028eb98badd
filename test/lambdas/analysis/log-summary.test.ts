import { readLine } from '../../../lambdas/analysis/log-levels.ts';
import { logSummaries } from '../../../lambdas/analysis/log-summary.ts';
import type { KeptLog } from '../../../lambdas/logs/kept-logs.ts';

test.each([
  [
    '{"level":50,"msg":"lost the database","err":{"message":"ECONNREFUSED"}}',
    'error',
    'lost the database: ECONNREFUSED',
  ],
  ['{"level":40,"msg":"slow"}', 'warning', 'slow'],
  ['{"level":30,"msg":"ok"}', 'other', 'ok'],
  ['{"severity":"CRITICAL","message":"down"}', 'error', 'down'],
  ['{"level":"warn"}', 'warning', '{"level":"warn"}'],
  ['{"levelname":"INFO","error":"none"', 'other', '{"levelname":"INFO","error":"none"'],
  [
    '2026-01-01 UTC [1] FATAL:  the database system is shutting down',
    'error',
    '2026-01-01 UTC [1] FATAL:  the database system is shutting down',
  ],
  ['LOG:  an ERROR: later in the line is not its level', 'other', 'LOG:  an ERROR: later in the line is not its level'],
  ['t=1 level=error msg=x', 'error', 't=1 level=error msg=x'],
  [
    '7:M 01 Jan 2026 00:00:00.000 # Warning: no config file',
    'warning',
    '7:M 01 Jan 2026 00:00:00.000 # Warning: no config file',
  ],
  ['error: RedisCacheAdapter client error {}', 'error', 'error: RedisCacheAdapter client error {}'],
  ['2026-01-01T00:00:00.000Z warn: slow', 'warning', '2026-01-01T00:00:00.000Z warn: slow'],
  ['info: no ERROR: so far', 'other', 'info: no ERROR: so far'],
  ['no error: all is well', 'other', 'no error: all is well'],
  ['GET /error 200', 'other', 'GET /error 200'],
])('%s', (line, level, text) => {
  expect(readLine(line)).toEqual({ level, text });
});

const line = (at: number, message: string) => ({ at, stream: 's', message });
const column = (from: number, to: number, cut = false) => ({ from, to, lines: 0, cut });
const log = (changes: Partial<KeptLog> = {}): KeptLog => ({
  group: '/shop/app',
  problem: null,
  columns: { before: column(0, 10), during: column(10, 20, true), after: column(20, 30) },
  lines: [
    line(1, 'INFO fine'),
    line(10, 'INFO fault begins'),
    line(11, 'ERROR one\u001b[31m\nTraceback'),
    line(12, `WARN ${'x'.repeat(300)}`),
    line(21, 'ERROR three'),
    line(22, 'ERROR four'),
  ],
  ...changes,
});

test('lines are counted by column and level, and the first grave ones from the fault on are shown, each in a line', () => {
  const [summary] = logSummaries([log()]);
  expect(summary).toMatchObject({
    before: { lines: 1, errors: 0, warnings: 0, cut: false },
    during: { lines: 3, errors: 1, warnings: 1, cut: true },
    after: { lines: 2, errors: 2, warnings: 0, cut: false },
  });
  expect(summary!.first.map(({ at, level }) => [at, level])).toEqual([
    [11, 'error'],
    [12, 'warning'],
    [21, 'error'],
  ]);
  expect(summary!.first[0]!.text).toBe('ERROR one [31m Traceback');
  expect(summary!.first[1]!.text).toHaveLength(161);
});

test('without a grave line the first ones are shown, and without a fault none', () => {
  const calm = log({ lines: [line(1, 'before'), line(11, 'a'), line(12, 'b'), line(13, ''), line(14, 'd')] });
  expect(logSummaries([calm])[0]!.first.map(({ text }) => text)).toEqual(['a', 'b', '(empty)']);
  const stopped = log({ problem: 'stopped', columns: { before: column(0, 10), during: null, after: null } });
  expect(logSummaries([stopped])[0]).toMatchObject({ problem: 'stopped', during: null, after: null, first: [] });
});
