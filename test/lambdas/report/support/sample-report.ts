import { resultOf } from '../../../../lambdas/analysis/analyse.ts';
import { factsOf } from '../../../../lambdas/analysis/facts.ts';
import { type Timeline, timelineOf } from '../../../../lambdas/analysis/timeline.ts';
import { buildReport } from '../../../../lambdas/report/build-report.ts';
import { renderHtml } from '../../../../lambdas/report/html/render-html.ts';
import type { Report, ScenarioResult } from '../../../../lambdas/report/report.schema.ts';
import { type Story, tell } from '../../analysis/support/story.ts';

/** A report on stories, with what its pictures show. */
export function reportOn(stories: readonly Story[], change: (result: ScenarioResult) => ScenarioResult = (r) => r) {
  const told = stories.map((story) => {
    const { evidence, truth } = tell(story);
    const runId = `gd-1-${story.scenario.id}`;
    const facts = factsOf({ ...evidence, run: { ...evidence.run, runId } });
    return { truth, result: change(resultOf(facts)), timeline: timelineOf(facts), target: evidence.target };
  });
  const timelines: Timeline[] = told.map(({ timeline }) => timeline);
  const report: Report = buildReport({
    gameDayId: 'gd-1',
    startedAt: 1_760_000_000,
    endedAt: 1_760_000_240,
    mode: 'local',
    profile: 'quick',
    target: {
      id: 'sample',
      endpoint: 'http://app.faultline.internal:8080',
      rpoSeconds: { users: 900, transactions: 300, sessions: 60 },
    },
    results: told.map(({ result }) => result),
  });
  return { report, timelines, truths: told.map(({ truth }) => truth), html: renderHtml(report, timelines) };
}
