import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { cloudWatchMetricSchema } from '../../../lambdas/signals/cloudwatch-metric.ts';
import { resilientMemory } from './support/host-stories.ts';
import { fragileDatabase, resilientDatabase } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const rowsOf = (story: Story, changes: object = {}) =>
  new Map(analyse({ ...tell(story).evidence, ...changes }).monitoring.map((row) => [row.command, row]));

test('a command that would have got no answer says so', () => {
  const row = rowsOf(resilientDatabase).get('psql -c "SELECT * FROM pg_stat_activity;"')!;
  expect(row.before).toMatch(/^\d+ active, \d+ idle, 0 idle in transaction, 0 waiting for a lock; \d+ allowed$/);
  expect(row.during).toMatch(/^no answer in \d+ of \d+ samples: /);
  expect(row.after).toMatch(/^\d+ active/);
});

test('some that got none among others are told of', () => {
  const { evidence } = tell(fragileDatabase);
  const samples = evidence.samples.map((s, i) => (i % 2 === 0 ? { ...s, cache: { error: 'no answer' } } : s));
  const row = rowsOf(fragileDatabase, { samples }).get('redis-cli INFO')!;
  expect(row.before).toMatch(/^3 clients, 1.0 MB used, [\d,]+ commands\/s; no answer in \d+ of \d+ samples$/);
});

test('where the application runs on no managed host its commands say so, and where it does they show figures', () => {
  expect(rowsOf(resilientDatabase).get('free -h')).toMatchObject({ before: 'no managed host' });
  const rows = rowsOf(resilientMemory);
  expect(rows.get('free -h')!.before).toMatch(/^[\d,]+ MB of [\d,]+ MB available, [\d.,]+ MB of swap used$/);
  expect(rows.get('free -h')!.during).not.toBe(rows.get('free -h')!.before);
  expect(rows.get('htop')!.before).toMatch(/^CPU \d+(\.\d+)? % busy, load \d+\.\d\d$/);
  expect(rows.get('df -h')!.before).toMatch(/^[\d,]+ MB of [\d,]+ MB free$/);
  expect(rows.get('netstat -an | grep ESTABLISHED | wc -l')!.before).toMatch(/^\d+$/);
  expect(rowsOf(resilientMemory, { hostSamples: [] }).get('df -h')!.before).toMatch(
    /^(not measured: no sample of the host|no managed host)$/,
  );
});

test('a run that was stopped has measured nothing after', () => {
  const { evidence } = tell(resilientDatabase);
  const events = evidence.events.filter((e) => e.detail.phase !== 'after' && e.detail.phase !== 'recovery');
  const rows = rowsOf(resilientDatabase, { events });
  for (const { after } of rows.values()) expect(after).toMatch(/^not measured: the run ended/);
});

test('every log group has its row', () => {
  const column = { from: 0, to: 10, lines: 1, cut: true };
  const log = {
    group: '/shop/app',
    problem: 'AccessDenied: no',
    columns: { before: column, during: null, after: null },
    lines: [{ at: 1, stream: 's', message: 'ERROR x' }],
  };
  expect(rowsOf(resilientDatabase, { logs: [log] }).get('tail -f /shop/app')).toMatchObject({
    before: 'the first 1 lines: 1 errors, 0 warnings',
    during: 'AccessDenied: no',
  });
});

test('every signal from CloudWatch has its row: the median of a gauge, the increase of a counter, or why there is none', () => {
  const { evidence } = tell(resilientDatabase);
  const times = evidence.samples.map(({ t }) => t);
  const first = Math.floor(Math.min(...times) / 10) * 10;
  const points = Array.from({ length: 30 }, (_, i) => ({ at: first + 10 * i, value: 50 }));
  const of = (signal: 'poolWaiting' | 'shed', name: string, periodSeconds: 10 | 60) => ({
    signal,
    metric: cloudWatchMetricSchema.parse({ namespace: 'Shop', name, periodSeconds }),
    problem: null,
    points,
  });
  const silent = evidence.samples.map((s) => ({ ...s, app: { error: 'it has no metrics' } }));
  const signals = [of('poolWaiting', 'Waiting', 10), of('shed', 'Shed', 60)];
  const rows = rowsOf(resilientDatabase, { samples: silent, signals });
  expect(rows.get('CloudWatch Shop Waiting (poolWaiting)')).toMatchObject({ before: '50', during: '50', after: '50' });
  expect(rows.get('CloudWatch Shop Shed (shed)')!.during).toMatch(/^not measured: its period of 60 s is too long/);
  const missing = [{ ...signals[0]!, points: [], problem: 'AccessDenied: no' }];
  expect(rowsOf(resilientDatabase, { signals: missing }).get('CloudWatch Shop Waiting (poolWaiting)')).toMatchObject({
    before: 'not measured: AccessDenied: no',
  });
});
