import type { GameDay } from '../game-day/game-day.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import { expectedSeconds } from '../runs/run.ts';
import { withOverrides } from '../scenarios/overrides.ts';
import { scenarioById } from '../scenarios/registry.ts';
import { type Announcement, noticeOf, timeText } from './announcement.ts';
import { type ReportLink, reportLine } from './report-link.ts';

/** The window in which the target is tested, and how to end it. */
export function gameDayStarted(gameDay: GameDay, now: number): Announcement {
  const { gameDayId, target, profile, runs, startedAt, startedBy } = gameDay;
  const expectedEnd = timeText(now + longestSeconds(gameDay));
  const scenarios = runs.map(({ scenario }) => scenario);
  return {
    notice: noticeOf(`Faultline: game-day on ${target} begins`, [
      `Game-day ${gameDayId} begins now, ${timeText(now)}: faults will be injected into the target ${target}.`,
      `Scenarios: ${scenarios.join(', ')} (${profile} profile).`,
      `It is expected to be over by ${expectedEnd}; you will be told.`,
      `To stop it: npx faultline stop ${gameDayId} --reason "why"`,
    ]),
    event: {
      type: 'Game-day started',
      detail: {
        version: 1,
        ...{ gameDayId, target, profile, scenarios, startedBy, startedAt: timeText(startedAt), expectedEnd },
      },
    },
  };
}

function longestSeconds({ runs, overrides, profile, coolDownSeconds }: GameDay): number {
  const seconds = runs.map(({ scenario }) =>
    expectedSeconds(withOverrides(scenarioById(scenario), overrides[scenario]).seconds[profile]),
  );
  return seconds.reduce((sum, s) => sum + s, 0) + coolDownSeconds * (runs.length - 1);
}

/** That the target is left alone again, and what came of it. */
export function gameDayEnded(
  { gameDayId, target, profile, runs, startedAt, stopRequested }: GameDay,
  results: readonly Pick<ScenarioResult, 'id' | 'verdict'>[],
  now: number,
  report: ReportLink,
): Announcement {
  const verdictOf = (scenario: string) => results.find(({ id }) => id === scenario)?.verdict ?? null;
  const ended = runs.map((run) => ({ ...run, verdict: verdictOf(run.scenario) }));
  const stopped = stopRequested && { by: stopRequested.by, reason: stopRequested.reason };
  return {
    notice: noticeOf(`Faultline: game-day on ${target} has ended`, [
      `Game-day ${gameDayId} on the target ${target} has ended, ${timeText(now)}.`,
      ...(stopped ? [`It was stopped by ${stopped.by}: ${stopped.reason}.`] : []),
      ...ended.map(({ scenario, verdict }) => `${scenario}: ${verdict ?? 'not run'}`),
      reportLine(report),
    ]),
    event: {
      type: 'Game-day ended',
      detail: {
        version: 1,
        ...{ gameDayId, target, profile, startedAt: timeText(startedAt), endedAt: timeText(now) },
        ...{ stopped, runs: ended, report },
      },
    },
  };
}
