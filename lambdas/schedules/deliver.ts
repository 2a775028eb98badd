import { z } from 'zod';
import { isRefusal, isTaken } from '../game-day/refusals.ts';
import { startBodyShape, startOf } from '../game-day/start-body.ts';
import { type StartServices, startGameDay } from '../game-day/start-game-day.ts';
import { type Delivered, type Schedule, scheduleNameSchema } from './schedule.ts';
import type { SchedulesClient } from './schedules.client.ts';

/** What EventBridge Scheduler delivers: the same time for the same delivery, however often it comes. */
export const deliverInput = z.strictObject({ schedule: scheduleNameSchema, scheduledTime: z.iso.datetime() });

export interface DeliverServices extends StartServices {
  schedules: Pick<SchedulesClient, 'find' | 'setLast'>;
  /** Tells that a start was left out or refused. */
  tell(schedule: Schedule, delivered: Delivered): Promise<void>;
}

/** Of a schedule, what it starts. */
const startBody = z.object(startBodyShape);
/** A game-day takes no longer, or its machine has timed out. */
const longestGameDaySeconds = 12 * 3600;
/** What has waited longer is not what was meant any more. */
const longestQueueSeconds = 6 * 3600;

/**
 * Starts what the schedule says, once for each scheduled time. `wait`: the target is taken and the schedule queues; ask
 * again. `nothing`: the schedule was deleted or paused meanwhile.
 */
export async function deliver(
  { schedule: name, scheduledTime }: z.infer<typeof deliverInput>,
  services: DeliverServices,
): Promise<{ status: Delivered['outcome'] | 'nothing' | 'wait' }> {
  const { schedules, clock } = services;
  const schedule = await schedules.find(name);
  if (!schedule || schedule.paused) return { status: 'nothing' };
  const outcome = await start(schedule, scheduledTime, services);
  const isLate = clock.now() > Date.parse(scheduledTime) / 1000 + longestQueueSeconds;
  const delivered: Delivered = {
    scheduledTime,
    at: clock.now(),
    ...(outcome.outcome === 'queued' && isLate
      ? { ...outcome, outcome: 'left-out', reason: `it waited for ${longestQueueSeconds / 3600} h; ${outcome.reason}` }
      : outcome),
  };
  const { last } = schedule;
  const isKnown = last?.scheduledTime === scheduledTime && last.outcome === delivered.outcome;
  if (!isKnown) {
    await schedules.setLast(name, delivered);
    if (delivered.reason !== null && delivered.outcome !== 'queued') await services.tell(schedule, delivered);
  }
  return { status: delivered.outcome === 'queued' ? 'wait' : delivered.outcome };
}

async function start(
  schedule: Schedule,
  scheduledTime: string,
  services: DeliverServices,
): Promise<Pick<Delivered, 'outcome' | 'gameDayId' | 'reason'>> {
  const { gameDays, keys, clock } = services;
  if (services.onlyDryRuns) return { outcome: 'refused', gameDayId: null, reason: 'every start here is a dry run' };
  const { name, concurrency } = schedule;
  const key = `schedule:${name}:${scheduledTime}`;
  const taken = (reason: string) => ({
    outcome: concurrency === 'queue' ? ('queued' as const) : ('left-out' as const),
    gameDayId: null,
    reason,
  });
  try {
    // Between two runs of a game-day nobody has the target. What was started by this very delivery is not in its way.
    if (!(await keys.get(key, clock.now()))) {
      const open = await gameDays.openOn(schedule.target, clock.now() - longestGameDaySeconds);
      if (open) return taken(`game-day ${open.gameDayId} goes on with target '${schedule.target}'`);
    }
    const by = `schedule ${name}`;
    const { gameDayId } = await startGameDay(startOf(startBody.parse(schedule)), { key, by }, services);
    return { outcome: 'started', gameDayId, reason: null };
  } catch (error) {
    const { message } = error as Error;
    if (isTaken(error)) return taken(message);
    if (isRefusal(error)) return { outcome: 'refused', gameDayId: null, reason: message };
    throw error;
  }
}
