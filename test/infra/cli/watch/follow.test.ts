import type { Api } from '../../../../infra/cli/command.ts';
import type { Display } from '../../../../infra/cli/display.ts';
import type { StopSignal } from '../../../../infra/cli/stop-signal.ts';
import { ApiRefused } from '../../../../lambdas/operator/signed-requests.client.ts';
import type { Run } from '../../../../lambdas/runs/run.ts';
import { fakeClock } from '../../../lambdas/support/clock.ts';
import { aRun, aWindow, start } from '../../../lambdas/support/run.ts';
import { aGameDay } from '../support/game-day.ts';
import { apiOf, runCommand } from '../support/run-command.ts';

/** A Ctrl-C that a test presses. */
function ctrlC() {
  const [asked, insisted] = [new AbortController(), new AbortController()];
  const signal: StopSignal = {
    asked: asked.signal,
    insisted: insisted.signal,
    reason: () => 'Ctrl-C',
    dispose: () => {},
  };
  return { signal, ask: () => asked.abort(), insist: () => insisted.abort() };
}

/** Where a run stands in each second; the last one is the game-day's end. */
type Story = Partial<Run>[];

interface Told {
  keys?: ReturnType<typeof ctrlC>;
  onSecond?: (second: number) => void;
  stopGameDay?: Api['stopGameDay'];
}

/** `run cache-failure --watch` of that story; `lines` is what a person at a terminal sees. */
async function watched(argv: string[], story: Story, { keys = ctrlC(), onSecond, stopGameDay }: Told = {}) {
  const clock = fakeClock(start, (now) => onSecond?.(Math.floor(now - start)));
  const at = () => Math.min(story.length - 1, Math.floor(clock.now() - start));
  const lines: string[] = [];
  const display: Display = {
    step: (title) => lines.push(title),
    update: (text) => lines.push(`… ${text}`),
    done: (text) => text && lines.push(`= ${text}`),
    failed: (text) => lines.push(`! ${text}`),
  };
  const ended = () => (at() === story.length - 1 ? clock.now() : null);
  const ran = await runCommand(argv, {
    clock,
    display: () => display,
    stopSignal: () => keys.signal,
    api: () =>
      apiOf({
        startRun: async () => ({ runId: 'gd-1-cache-failure', gameDayId: 'gd-1', scenario: 'cache-failure' }),
        gameDay: async () => aGameDay({ scenarios: ['cache-failure'] }, { endedAt: ended() }),
        run: async (runId) => {
          const { windows = [], ...run } = story[at()] as Partial<Run> & { windows?: [] };
          return { ...aRun({ runId, gameDayId: 'gd-1', ...run }), windows };
        },
        ...(stopGameDay && { stopGameDay }),
      }),
  });
  return { ...ran, lines };
}

const phase = (name: Run['phase'], at: number, more: Partial<Run> & { windows?: object[] } = {}) =>
  ({ phase: name, phaseStartedAt: start + at, ...more }) as Partial<Run>;
const done = (verdict: Run['verdict'], at = 2, more: Partial<Run> = {}) =>
  phase('done', at, { verdict, endedAt: start + at, ...more });
const runIt = ['run', 'cache-failure', '--target', 'shop', '--watch'];

test('a person sees a line for each phase with its load, why it is stopping, and the verdict', async () => {
  const stopRequested = { reason: 'error rate 61.0 % is over 50 %', by: 'a stop condition', at: start + 2 };
  const fault = { phaseEndsAt: start + 20, windows: [aWindow(start, { failures: 61, p95Ms: 900 })] };
  const { status, lines, stderr } = await watched(runIt, [
    phase('load', 0),
    phase('fault', 1, fault),
    phase('revert', 2, { stopRequested }),
    done('ABORTED', 3, { stopRequested, verdictReason: 'stopped: error rate' }),
  ]);
  expect([status, stderr]).toEqual([4, '']);
  expect(lines).toEqual([
    "game-day gd-1 on target 'shop' (quick)",
    'cache-failure  starting the load',
    '… 1 s  100 users  100 req/s  errors 61.0 %  p95 900 ms',
    '= 1 s  100 users  100 req/s  errors 61.0 %  p95 900 ms',
    'cache-failure  fault',
    '= 1/19 s',
    'stopping: error rate 61.0 % is over 50 % (a stop condition)',
    'cache-failure  reverting the fault',
    '= 1 s',
    'cache-failure  ABORTED: stopped: error rate',
    'Over. Its report: npx faultline game-days report gd-1',
  ]);
});

test('a script reads a line of JSON for each event', async () => {
  const { status, stdout, lines } = await watched([...runIt, '--json'], [phase('load', 0), done('PASS')]);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ type }) => type)).toEqual(['game-day', 'phase', 'phase', 'verdict', 'ended']);
  expect(events[3]).toMatchObject({ runId: 'gd-1-cache-failure', verdict: 'PASS' });
  expect([status, lines]).toEqual([0, []]);
});

test.each([
  ['PASS', 0],
  ['FAIL', 1],
  ['INVALID', 3],
  ['ERROR', 3],
  ['ABORTED', 4],
] as const)('a verdict of %s ends with %d', async (verdict, status) => {
  expect((await watched(runIt, [done(verdict)])).status).toBe(status);
});

test('a run that never began ends with 3', async () => {
  const run = async () => {
    throw new ApiRefused(404, 'run-not-found', 'no run');
  };
  const ran = await runCommand(['game-days', 'show', 'gd-1', '--watch', '--json'], {
    stopSignal: () => ctrlC().signal,
    api: () => apiOf({ gameDay: async () => aGameDay({}, { endedAt: start }), run }),
  });
  expect(ran.status).toBe(3);
});

describe('Ctrl-C', () => {
  const story = [phase('load', 0), phase('fault', 1), phase('revert', 2), done('ABORTED', 3)];

  test('stops what was started here, and shows how it ends', async () => {
    const keys = ctrlC();
    const asked: string[][] = [];
    const { status, stderr, lines } = await watched(runIt, story, {
      keys,
      onSecond: (second) => second === 1 && keys.ask(),
      async stopGameDay(gameDayId, reason) {
        asked.push([gameDayId, reason]);
        return { gameDayId, stopped: [] };
      },
    });
    expect([status, asked]).toEqual([4, [['gd-1', 'Ctrl-C']]]);
    expect(stderr).toBe('stopping game-day gd-1; Ctrl-C once more leaves it to itself\n');
    expect(lines.at(-2)).toBe('cache-failure  ABORTED');
  });

  test('is told where the stop could not be asked for', async () => {
    const keys = ctrlC();
    const { stderr } = await watched(runIt, story, {
      keys,
      onSecond: (second) => second === 1 && keys.ask(),
      stopGameDay: () => Promise.reject(new ApiRefused(403, '', 'Forbidden')),
    });
    expect(stderr).toContain('error: it could not be asked to stop: Forbidden\n');
  });

  test('of one that is over in the meantime is no error', async () => {
    const keys = ctrlC();
    const { stderr } = await watched(runIt, story, {
      keys,
      onSecond: (second) => second === 1 && keys.ask(),
      stopGameDay: () => Promise.reject(new ApiRefused(409, 'game-day-over', 'over')),
    });
    expect(stderr).not.toContain('error');
  });

  test('once more leaves it, and where it can be watched on is told', async () => {
    const keys = ctrlC();
    const { status, stderr, lines } = await watched(runIt, story, {
      keys,
      onSecond: (second) => second === 1 && keys.insist(),
    });
    expect(status).toBe(4);
    expect(stderr).toBe('left; it goes on: npx faultline game-days show gd-1 --watch\n');
    expect(lines.at(-1)).not.toMatch(/^Over/);
  });

  test('leaves alone at once what was not started here', async () => {
    const keys = ctrlC();
    const { status, stderr } = await watched(['runs', 'show', 'gd-1-cache-failure', '--watch'], story, {
      keys,
      onSecond: (second) => second === 1 && keys.ask(),
    });
    expect([status, stderr]).toEqual([4, 'left; it goes on: npx faultline game-days show gd-1 --watch\n']);
  });
});
