import type { DryRunAnswer, LeverStand, StopAsked } from '../../../lambdas/api/answers.ts';
import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import type { Lever } from '../../../lambdas/safety/lever.client.ts';

/** What the API answered, for people: each returns lines without the last line's end. */
export function tellStop(asked: StopAsked): string {
  if ('gameDayId' in asked) {
    const { gameDayId, stopped } = asked;
    const runs = stopped.length > 0 ? `; its run ${stopped.join(', ')} stops` : '';
    return `Asked game-day ${gameDayId} to stop${runs}.`;
  }
  const { runId, stopRequested } = asked;
  return `Asked run ${runId} to stop: ${inOneLine(stopRequested.reason)} (${inOneLine(stopRequested.by)}).`;
}

export function tellLever({ history, ...now }: LeverStand): string {
  const { pulled, by, reason, at } = now;
  if (by === null || reason === null || at === null) return 'The safety lever is released; nobody has ever pulled it.';
  return [tellMove({ pulled, by, reason, at }), ...history.map((move) => `  ${line(move)}`)].join('\n');
}

export const tellMove = (lever: Lever): string => `The safety lever is ${line(lever)}`;

const line = ({ pulled, by, reason, at }: Lever) =>
  `${pulled ? 'pulled' : 'released'}: ${inOneLine(reason)} (${inOneLine(by)}, ${new Date(at * 1000).toISOString()})`;

export function tellDryRun({ target, wouldTouch, refusals }: DryRunAnswer): string {
  const touched = wouldTouch.flatMap(({ scenario, touches }) =>
    touches.length > 0
      ? [`  ${scenario}`, ...touches.map(({ kind, id, change }) => `    ${kind} ${id}: ${inOneLine(change)}`)]
      : [`  ${scenario}: nothing`],
  );
  const refused = refusals.map(
    ({ error, detail, scenarios }) => `  ${error} (${scenarios.join(', ')}): ${inOneLine(detail)}`,
  );
  return [
    `A game-day on target ${target} would touch, beside sending it load:`,
    ...touched,
    ...(refused.length > 0 ? ['It would be refused:', ...refused] : ['Nothing would refuse it.']),
    'Nothing was touched.',
  ].join('\n');
}
