import type { GameDay } from '../game-day/game-day.ts';
import type { ScenarioResult } from '../report/report.schema.ts';
import { expectedSeconds } from '../runs/run.ts';
import { withOverrides } from '../scenarios/overrides.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { Outcome } from './checklist-records.ts';
import type { NoticesClient } from './notices.client.ts';

/** What people are told: a line, and a few more. */
export interface Notice {
  /** At most 100 characters, as SNS has it. */
  subject: string;
  message: string;
}

const time = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
const notice = (subject: string, lines: string[]): Notice => ({
  subject: subject.slice(0, 100),
  message: `${lines.join('\n')}\n`,
});

/** The window in which the target is tested, and how to end it. */
export function startNotice(
  { gameDayId, target, profile, runs, overrides, coolDownSeconds }: GameDay,
  now: number,
): Notice {
  const seconds = runs.map(({ scenario }) =>
    expectedSeconds(withOverrides(scenarioById(scenario), overrides[scenario]).seconds[profile]),
  );
  const end = now + seconds.reduce((sum, s) => sum + s, 0) + coolDownSeconds * (runs.length - 1);
  return notice(`Faultline: game-day on ${target} begins`, [
    `Game-day ${gameDayId} begins now, ${time(now)}: faults will be injected into the target ${target}.`,
    `Scenarios: ${runs.map(({ scenario }) => scenario).join(', ')} (${profile} profile).`,
    `It is expected to be over by ${time(end)}; you will be told.`,
    `To stop it: npm run faultline -- stop ${gameDayId} --reason "why"`,
  ]);
}

/** That the target is left alone again, and what came of it. */
export function endNotice(
  { gameDayId, target, runs, stopRequested }: GameDay,
  results: readonly Pick<ScenarioResult, 'id' | 'verdict'>[],
  now: number,
): Notice {
  const verdicts = runs.map(({ scenario }) => {
    const result = results.find(({ id }) => id === scenario);
    return `${scenario}: ${result?.verdict ?? 'not run'}`;
  });
  return notice(`Faultline: game-day on ${target} has ended`, [
    `Game-day ${gameDayId} on the target ${target} has ended, ${time(now)}.`,
    ...(stopRequested ? [`It was stopped by ${stopRequested.by}: ${stopRequested.reason}.`] : []),
    ...verdicts,
    `Report: game-days/${gameDayId}/report.md in the evidence bucket.`,
  ]);
}

/** What nobody has subscribed to reaches nobody. */
export async function tell(
  what: 'start' | 'end',
  message: Notice,
  notices: Pick<NoticesClient, 'tell'>,
): Promise<Outcome> {
  const { messageId, subscriptions } = await notices.tell(message);
  const told = `${what} told by SNS message ${messageId}`;
  if (subscriptions === 0) return { done: false, evidence: `${told}, but nobody is subscribed` };
  return {
    done: true,
    evidence: `${told} to ${subscriptions} confirmed subscription${subscriptions === 1 ? '' : 's'}`,
  };
}
