import { keepLogs } from '../../../lambdas/logs/keep-logs.ts';
import { keptLogs } from '../../../lambdas/logs/kept-logs.ts';
import { logSpans } from '../../../lambdas/logs/log-columns.ts';
import type { LogLimits } from '../../../lambdas/logs/logs.client.ts';
import { fakeClock } from '../support/clock.ts';
import { contextOf } from '../support/context.ts';
import { aRun, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

/** Each phase, and when it began. */
const phases = { baseline: 10, inject: 20, fault: 22, revert: 30, recovery: 32, after: 40, verify: 50 } as const;

async function aRunWithPhases(until: keyof typeof phases, logs = ['/shop/app', '/shop/database']) {
  const run = aRun({ target: aTarget({ logs }) });
  await store.runs.create(run);
  for (const [phase, at] of Object.entries(phases)) {
    const event = { at: start + at, type: 'phase' as const, detail: { phase } };
    if (at <= phases[until]) await store.runs.addEvent(run.runId, event);
  }
  const add = (at: number, type: 'fault-landed' | 'fault-gone') =>
    store.runs.addEvent(run.runId, { at: start + at, type, detail: { proof: 'seen' } });
  if (phases[until] >= phases.fault) await add(21, 'fault-landed');
  if (phases[until] >= phases.recovery) await add(31, 'fault-gone');
  const asked: [group: string, from: number, to: number, limits: LogLimits][] = [];
  const keep = async (fail = (_group: string) => {}) => {
    const clock = fakeClock(start + 52);
    const context = await contextOf(store, run, { clock, target: run.target });
    const result = await keepLogs(context, {
      async between(group, from, to, limits) {
        asked.push([group, from - start, to - start, limits]);
        fail(group);
        return {
          lines: [{ at: from, stream: 's', message: `ERROR in ${group} of http://ann:secret@db/` }],
          cut: to > start + 50,
        };
      },
    });
    return { ...result, waitedUntil: clock.now() - start };
  };
  const kept = async () => {
    const names = (await store.evidence.keys(`runs/${run.runId}/`)).filter((key) => key.includes('/logs/'));
    const texts = new Map<string, string | null>();
    for (const key of names) texts.set(key.replace(`runs/${run.runId}/`, ''), await store.evidence.get(key));
    return { names: [...texts.keys()].sort(), logs: keptLogs((name) => texts.get(name) ?? null) };
  };
  return { run, keep, kept, asked };
}

test('the time from the baseline to the end, and a little around it, is kept group by group without a gap', async () => {
  const { keep, kept, asked } = await aRunWithPhases('verify');
  expect(await keep()).toEqual({ lines: 6, waitedUntil: 63 });
  expect(asked.map(([group, from, to]) => [group, from, to])).toEqual([
    ['/shop/app', 5, 20],
    ['/shop/app', 20, 31],
    ['/shop/app', 31, 55],
    ['/shop/database', 5, 20],
    ['/shop/database', 20, 31],
    ['/shop/database', 31, 55],
  ]);
  const { names, logs } = await kept();
  expect(names).toEqual(['logs/1-shop-app.jsonl', 'logs/2-shop-database.jsonl', 'logs/index.json']);
  expect(logs[0]).toMatchObject({
    group: '/shop/app',
    problem: null,
    columns: {
      before: { from: start + 5, to: start + 20, lines: 1, cut: false },
      after: { from: start + 31, to: start + 55, lines: 1, cut: true },
    },
  });
  expect(logs[0]!.lines.map(({ message }) => message)[0]).toBe('ERROR in /shop/app of http://db/');
});

test('a group that cannot be read says why, and the others are kept', async () => {
  const { keep, kept } = await aRunWithPhases('verify');
  await keep((group) => {
    if (group === '/shop/app') throw Object.assign(new Error('not authorized\nto logs'), { name: 'AccessDenied' });
  });
  const { logs } = await kept();
  expect(logs.map(({ problem, lines }) => [problem, lines.length])).toEqual([
    ['AccessDenied: not authorized to logs', 0],
    [null, 3],
  ]);
});

test('of a run that broke off there is what there is', async () => {
  const { keep, kept } = await aRunWithPhases('fault');
  await keep();
  const { logs } = await kept();
  expect(logs[0]!.columns).toMatchObject({ before: { to: start + 20 }, during: { from: start + 20 }, after: null });
});

test('a target that names no groups, and a run that is over, keep nothing', async () => {
  const none = await aRunWithPhases('verify', []);
  expect(await none.keep()).toMatchObject({ lines: 0 });
  const over = await aRunWithPhases('verify');
  await store.runs.finish(over.run.runId, 'PASS', null, start + 60);
  expect(await over.keep()).toMatchObject({ lines: 0 });
  expect([none.asked, over.asked]).toEqual([[], []]);
});

test('groups whose names would be one file are two', async () => {
  const { keep, kept } = await aRunWithPhases('verify', ['/a/b', 'a#b', '../..']);
  await keep();
  expect((await kept()).names).toEqual([
    'logs/1-a-b.jsonl',
    'logs/2-a-b.jsonl',
    'logs/3-..-...jsonl',
    'logs/index.json',
  ]);
});

test('without a baseline there are no spans', () => {
  const none = { baseline: null, injectAt: null, fault: null, goneAt: null, revert: null, loadEnd: null };
  expect(logSpans(none as never, start)).toEqual({ before: null, during: null, after: null });
});
