import type { Api } from '../../../../infra/cli/command.ts';
import { type WatchEvent, watch } from '../../../../infra/cli/watch/watch.ts';
import { ApiRefused, ApiUnreachable } from '../../../../lambdas/operator/signed-requests.client.ts';
import type { Run } from '../../../../lambdas/runs/run.ts';
import { fakeClock } from '../../../lambdas/support/clock.ts';
import { aRun, aWindow, start } from '../../../lambdas/support/run.ts';
import { aGameDay } from '../support/game-day.ts';

const [control, cache] = ['gd-1-control', 'gd-1-cache-failure'];
const missing = new ApiRefused(404, 'run-not-found', 'no run');
const away = new ApiUnreachable('http://x', 'away');

/** What the API knows `seconds` after the start: the runs that there are, and whether the game-day is over. */
interface Moment {
  runs?: Record<string, Partial<Run> & { windows?: number[] }>;
  over?: boolean;
  stopped?: string;
  error?: Error;
}

/** What is told of a game-day of which the API knows these moments, one a second. */
async function told(moments: Moment[], signal?: AbortSignal): Promise<WatchEvent[]> {
  const clock = fakeClock(start);
  const now = () => moments[Math.min(moments.length - 1, Math.floor(clock.now() - start))]!;
  const api: Pick<Api, 'gameDay' | 'run'> = {
    async gameDay(gameDayId) {
      const { error, over, stopped } = now();
      if (error) throw error;
      return {
        ...aGameDay({ gameDayId, scenarios: ['control', 'cache-failure'] }),
        endedAt: over ? clock.now() : null,
        stopRequested: stopped === undefined ? null : { reason: stopped, by: 'ann', at: start },
      };
    },
    async run(runId) {
      const found = now().runs?.[runId];
      if (!found) throw missing;
      const windows = (found.windows ?? []).map((t) => aWindow(start + t));
      return { ...aRun({ runId, gameDayId: 'gd-1', ...found }), windows };
    },
  };
  const events: WatchEvent[] = [];
  for await (const event of watch(api, 'gd-1', clock, signal)) events.push(event);
  return events;
}

const done = (at: number, verdict: Run['verdict'] = 'PASS') =>
  ({ phase: 'done', phaseStartedAt: start + at, endedAt: start + at, verdict }) as const;
const brief = (events: WatchEvent[]) =>
  events.map((event) =>
    [event.type, 'runId' in event ? event.runId : '', 'phase' in event ? event.phase : ''].filter(Boolean).join(' '),
  );

test('a game-day is told run by run: each phase, each second of load once, each verdict', async () => {
  const events = await told([
    {},
    { runs: { [control]: { phase: 'load', phaseStartedAt: start + 1, windows: [0, 1] } } },
    {
      runs: {
        [control]: { phase: 'fault', phaseStartedAt: start + 2, phaseEndsAt: start + 9, windows: [0, 1, 2] },
      },
    },
    { runs: { [control]: done(3), [cache]: { phaseStartedAt: start + 3 } } },
    { runs: { [control]: done(3), [cache]: done(4, 'FAIL') } },
    { runs: { [control]: done(3), [cache]: done(4, 'FAIL') }, over: true },
  ]);
  expect(brief(events)).toEqual([
    'game-day',
    ...[`window ${control}`, `window ${control}`, `phase ${control} load`],
    ...[`window ${control}`, `phase ${control} fault`],
    ...[`phase ${control} done`, `verdict ${control}`, `phase ${cache} prepare`],
    ...[`phase ${cache} done`, `verdict ${cache}`],
    'ended',
  ]);
  expect(events.filter(({ type }) => type === 'window').map((event) => 't' in event && event.t - start)).toEqual([
    0, 1, 2,
  ]);
  expect(events[5]).toMatchObject({ at: start + 2, endsAt: start + 9, scenario: 'control' });
  expect(events.at(-2)).toMatchObject({ verdict: 'FAIL', scenario: 'cache-failure', at: start + 4 });
  expect(events.at(-1)).toMatchObject({ gameDayId: 'gd-1', stopped: null });
});

test('who stopped a run, and why, is told once', async () => {
  const stopRequested = { reason: 'error rate 61.0 % is over 50 %', by: 'a stop condition', at: start + 1 };
  const events = await told([
    { runs: { [control]: { phase: 'fault', phaseStartedAt: start, stopRequested } } },
    { runs: { [control]: { phase: 'revert', phaseStartedAt: start + 1, stopRequested } } },
    { runs: { [control]: { ...done(2, 'ABORTED'), stopRequested } }, over: true, stopped: 'enough' },
  ]);
  expect(events.filter(({ type }) => type === 'stop')).toEqual([{ type: 'stop', runId: control, ...stopRequested }]);
  expect(events.at(-1)).toMatchObject({ type: 'ended', stopped: 'enough' });
});

test('a run that was refused never begins: the next one is watched, and that it has no verdict is told at the end', async () => {
  const events = await told([
    { runs: { [cache]: { phase: 'load', phaseStartedAt: start } } },
    { runs: { [cache]: done(1) }, over: true },
  ]);
  expect(brief(events)).toEqual([
    ...['game-day', `phase ${cache} load`, `phase ${cache} done`, `verdict ${cache}`, `verdict ${control}`, 'ended'],
  ]);
  expect(events.at(-2)).toMatchObject({ runId: control, verdict: null });
});

test('an API that is away for less than a minute is asked on', async () => {
  const events = await told([{}, ...Array(50).fill({ error: away }), { runs: { [control]: done(9) }, over: true }]);
  expect(events.at(-1)).toMatchObject({ type: 'ended' });
});

test('one that is away for longer is told', async () => {
  await expect(told([{}, { error: away }])).rejects.toBe(away);
  await expect(told([{ error: missing }])).rejects.toBe(missing);
});

test('whoever watches can leave', async () => {
  expect(brief(await told([{}], AbortSignal.abort()))).toEqual(['game-day']);
});
