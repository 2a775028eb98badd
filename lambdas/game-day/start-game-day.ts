import { createHash } from 'node:crypto';
import { FaultRefused } from '../faults/fault.ts';
import type { Services } from '../runs/run-context.ts';
import { isOver } from '../safety/is-over.ts';
import { hostsOf, leasedResources } from '../safety/leased-resources.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { type GameDay, planGameDay, type StartRequest } from './game-day.ts';
import type { GameDayMachineClient } from './game-day-machine.client.ts';
import type { IdempotencyKeysClient } from './idempotency-keys.client.ts';
import { inapplicable } from './inapplicable.ts';
import { type LookServices, lookAhead } from './look-ahead.ts';

export interface StartedGameDay {
  gameDayId: string;
  runs: { runId: string; scenario: ScenarioId }[];
  /** Scenarios that will not be run, for the target has nothing that they could break. */
  inapplicable: { scenario: ScenarioId; reason: string }[];
  /** Whether an earlier request with the same key had started it. */
  replayed: boolean;
}

export interface Starter {
  /** The same key and the same request are the same game-day. */
  key: string | null;
  /** For its record. */
  by: string;
}

export interface StartServices extends LookServices, Pick<Services, 'gameDays'> {
  machine: Pick<GameDayMachineClient, 'start'>;
  keys: Pick<IdempotencyKeysClient, 'get' | 'take' | 'settle' | 'free'>;
  /** Whether nothing is ever started here: a deployment to try things on. */
  onlyDryRuns: boolean;
  /** Another one each time. */
  newGameDayId(now: number): string;
}

export class IdempotencyKeyReused extends Error {
  constructor() {
    super('this Idempotency-Key was used for another request already');
    this.name = 'IdempotencyKeyReused';
  }
}

export class StartPending extends Error {
  constructor() {
    super('the first request with this Idempotency-Key is still at work; try again in a few seconds');
    this.name = 'StartPending';
  }
}

/** Past this, whoever began a start is gone: its Lambda's time-out is shorter. */
const abandonedSeconds = 30;
const longestWaitSeconds = 20;
const pollSeconds = 0.25;

/**
 * Starts a game-day, or refuses at once what could not start anyway. Its first run has the target from here on, so that
 * of many simultaneous starts one gets it. With a key, the same request comes to the same game-day however often it is
 * sent; a start that is refused frees its key.
 * @throws TargetNotFound, TargetInvalid, TargetLeased, TargetNotRestored, LeaseContended, IdempotencyKeyReused,
 *   StartPending, FaultRefused where none of the scenarios applies to the target, and the first refusal of a look ahead
 */
export async function startGameDay(
  request: StartRequest,
  { key, by }: Starter,
  services: StartServices,
): Promise<StartedGameDay> {
  const { clock, newGameDayId } = services;
  if (key === null) {
    await assertStartable(request, services);
    return begin(newGameDayId(clock.now()), request, by, services);
  }
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const until = clock.now() + longestWaitSeconds;
  for (;;) {
    const now = clock.now();
    const use = await services.keys.get(key, now);
    if (use && use.request !== hash) throw new IdempotencyKeyReused();
    if (use?.started) return { ...answerOf(await services.gameDays.get(use.gameDayId)), replayed: true };
    if (use && now < use.at + abandonedSeconds) {
      if (now >= until) throw new StartPending();
      await clock.sleep(pollSeconds);
      continue;
    }
    // What was begun may be going on already, and then it is itself what a look at the target would find.
    if (!use) await assertStartable(request, services);
    const gameDayId = use?.gameDayId ?? newGameDayId(now);
    if (!(await services.keys.take(key, { gameDayId, request: hash, at: now }, use))) continue;
    return beginWithKey({ key, by }, gameDayId, request, services);
  }
}

async function beginWithKey(
  { key, by }: { key: string; by: string },
  gameDayId: string,
  request: StartRequest,
  services: StartServices,
): Promise<StartedGameDay> {
  let started: StartedGameDay;
  try {
    started = await begin(gameDayId, request, by, services);
  } catch (error) {
    await services.keys.free(key, gameDayId);
    throw error;
  }
  await services.keys.settle(key, gameDayId);
  return started;
}

async function begin(
  gameDayId: string,
  request: StartRequest,
  by: string,
  services: StartServices,
): Promise<StartedGameDay> {
  const { leases, gameDays, machine, clock } = services;
  const target = await services.target(request.target);
  const input = { gameDayId, ...request };
  const plan = { ...planGameDay(input, clock.now(), inapplicable(target, request.scenarios)), startedBy: by };
  const firstRun = plan.runs[0]!.runId;
  const resources = leasedResources(target, await hostsOf(services.ioOf(target)));
  await leases.take(resources, firstRun, isOver(services));
  try {
    // Recorded before the machine does it, so that it can be asked to stop from now on.
    await gameDays.create(plan);
    await machine.start(input).catch(async (error) => {
      await gameDays.finish(gameDayId, clock.now());
      throw error;
    });
  } catch (error) {
    await leases.release(firstRun);
    throw error;
  }
  return { ...answerOf(plan), replayed: false };
}

const answerOf = ({ gameDayId, runs, inapplicable }: GameDay) => ({ gameDayId, runs, inapplicable });

async function assertStartable(request: StartRequest, services: StartServices): Promise<void> {
  const skipped = inapplicable(await services.target(request.target), request.scenarios);
  const scenarios = request.scenarios.filter((id) => !skipped.some(({ scenario }) => scenario === id));
  if (scenarios.length === 0) throw new FaultRefused(skipped[0]!.reason);
  for (const { refusals } of await lookAhead({ ...request, scenarios }, services)) if (refusals[0]) throw refusals[0];
}
