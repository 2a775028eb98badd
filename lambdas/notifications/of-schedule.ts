import type { Delivered, Schedule } from '../schedules/schedule.ts';
import { type Announcement, noticeOf } from './announcement.ts';

/** That a start was due and not made. */
export function startNotMade({ name, target }: Schedule, { scheduledTime, outcome, reason }: Delivered): Announcement {
  const why = reason ?? 'no reason was given';
  return {
    notice: noticeOf(`Faultline: schedule ${name} started no game-day`, [
      `Schedule ${name} was to start a game-day on the target ${target} at ${scheduledTime}, and did not (${outcome}):`,
      `${why}.`,
    ]),
    event: {
      type: 'Scheduled start not made',
      detail: { version: 1, schedule: name, scheduledTime, target, outcome, reason: why },
    },
  };
}
