import type { DryRunAnswer, LeverStand, StopAsked } from '../../lambdas/api/answers.ts';
import { inOneLine } from '../../lambdas/aws/one-line.ts';
import type { Lever, LeverMove } from '../../lambdas/safety/lever.client.ts';

/** What is told of a game-day once, when it has been started: everything it takes to stop it. */
export const tellStarted = (gameDayId: string): string =>
  `game-day ${gameDayId} (stop it here with Ctrl-C, elsewhere with: npx faultline stop)`;

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
  if (by === null || reason === null || at === null) return untouched;
  return [`The safety lever is ${line({ pulled, by, reason, at })}`, ...history.map((move) => `  ${line(move)}`)].join(
    '\n',
  );
}

const untouched = 'The safety lever is released; nobody has ever pulled it.';

export function tellMove(move: LeverMove): string {
  if (move.by === null) return untouched;
  if (move.changed) return `The safety lever is ${line(move)}`;
  const { pulled, by, reason, at } = move;
  const first = `${pulled ? 'pulled' : 'released'} already by ${inOneLine(by)}: ${inOneLine(reason)}`;
  return `The safety lever was ${first} (${timeOf(at)}); nothing changed.`;
}

const line = ({ pulled, by, reason, at }: Lever) =>
  `${pulled ? 'pulled' : 'released'}: ${inOneLine(reason)} (${inOneLine(by)}, ${timeOf(at)})`;

const timeOf = (at: number) => new Date(at * 1000).toISOString();

/** @param on the target, in words */
export function tellDryRun(
  { target, wouldTouch, inapplicable, refusals }: DryRunAnswer,
  on = `target '${target}'`,
): string {
  const touched = wouldTouch.flatMap(({ scenario, touches }) =>
    touches.length > 0
      ? [`  ${scenario}`, ...touches.map(({ kind, id, change }) => `    ${kind} ${id}: ${inOneLine(change)}`)]
      : [`  ${scenario}: nothing`],
  );
  const skipped = inapplicable.map(({ scenario, reason }) => `  ${scenario}: ${inOneLine(reason)}`);
  const refused = refusals.map(
    ({ error, detail, scenarios }) => `  ${error} (${scenarios.join(', ')}): ${inOneLine(detail)}`,
  );
  return [
    `A start on ${on} would touch, beside sending it load:`,
    ...touched,
    ...(skipped.length > 0 ? ['It would not run:', ...skipped] : []),
    ...(refused.length > 0 ? ['It would be refused:', ...refused] : ['Nothing would refuse it.']),
    'Nothing was touched.',
  ].join('\n');
}
