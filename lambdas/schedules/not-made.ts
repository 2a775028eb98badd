import type { Notice } from '../checklist/notices.ts';
import type { FaultlineEvent } from '../notifications/events.ts';
import type { Delivered, Schedule } from './schedule.ts';

/** What people and the event bus are told of a start that was not made. */
export function notMade(
  { name, target }: Schedule,
  { scheduledTime, outcome, reason }: Delivered,
): { notice: Notice; event: FaultlineEvent } {
  const why = reason ?? 'no reason was given';
  return {
    notice: {
      subject: `Faultline: schedule ${name} started no game-day`.slice(0, 100),
      message: [
        `Schedule ${name} was to start a game-day on the target ${target} at ${scheduledTime}, and did not (${outcome}):`,
        `${why}.`,
        '',
      ].join('\n'),
    },
    event: {
      type: 'Scheduled start not made',
      detail: { version: 1, schedule: name, scheduledTime, target, outcome, reason: why },
    },
  };
}
