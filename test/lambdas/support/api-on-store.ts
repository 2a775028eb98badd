import { S3Client } from '@aws-sdk/client-s3';
import { DownloadsClient } from '../../../lambdas/api/downloads.client.ts';
import type { ApiServices } from '../../../lambdas/api/route.ts';
import { newGameDayId } from '../../../lambdas/game-day/game-day-id.ts';
import type { GameDayMachineClient } from '../../../lambdas/game-day/game-day-machine.client.ts';
import { IdempotencyKeysClient } from '../../../lambdas/game-day/idempotency-keys.client.ts';
import { LeverClient } from '../../../lambdas/safety/lever.client.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import { SchedulesClient } from '../../../lambdas/schedules/schedules.client.ts';
import { TargetNotFound } from '../../../lambdas/target/target.client.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { type ApiAnswer, type ApiCall, apiOf } from './api.ts';
import { fakeClock } from './clock.ts';
import { ioOn, servicesOn } from './context.ts';
import { FakeServices } from './dependencies.ts';
import { newRunId, start } from './run.ts';
import { type Store, startStore } from './store.ts';
import { aTarget } from './target.ts';

export interface ApiOptions {
  safety?: object;
  services?: Partial<ApiServices>;
}

/** The API on the store, with a target of its own that has a cache; its machine remembers what it was asked to start. */
export class ApiOnStore {
  readonly id = newRunId();
  readonly cache = `cache-${this.id}`;
  readonly clock = fakeClock(start);
  readonly ecs = new FakeServices({ [this.cache]: {} });
  readonly target: Target;
  readonly started: Parameters<GameDayMachineClient['start']>[0][] = [];
  readonly services: ApiServices;
  /** EventBridge Scheduler's state of each schedule. */
  readonly scheduled = new Map<string, string>();
  readonly call: (call: ApiCall) => Promise<ApiAnswer>;
  /** Called when the machine is to start. */
  onStart: () => void | Promise<void> = () => {};

  constructor(store: Store, { safety = {}, services = {} }: ApiOptions = {}) {
    const { id, clock, ecs } = this;
    this.target = aTarget({
      id,
      database: null,
      cache: { ...aTarget().cache!, service: this.cache },
      safety: safetySchema.parse(safety),
    });
    this.services = {
      ...servicesOn(store, { clock, target: this.target }),
      lever: new LeverClient(store.dynamo, store.table, clock),
      target: async (asked) => {
        if (asked !== id) throw new TargetNotFound(asked, `/targets/${asked}`);
        return this.target;
      },
      machine: {
        start: async (input) => {
          await this.onStart();
          this.started.push(input);
        },
      },
      keys: new IdempotencyKeysClient(store.dynamo, store.table),
      ioOf: (target) => ioOn(ecs, { clock, target }),
      newGameDayId,
      onlyDryRuns: false,
      schedules: new SchedulesClient(store.dynamo, store.table),
      scheduler: {
        put: async ({ name, paused }) => void this.scheduled.set(name, paused ? 'DISABLED' : 'ENABLED'),
        delete: async (name) => void this.scheduled.delete(name),
      },
      downloads: new DownloadsClient(new S3Client({ ...store.config, forcePathStyle: true }), store.bucket),
      targets: async () => [{ id, target: this.target, problem: null }],
      ...services,
    };
    this.call = apiOf(this.services);
  }

  start(body: object = {}, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const request = { target: this.id, scenarios: ['control'], ...body };
    return this.call({ method: 'POST', path: '/game-days', body: request, headers });
  }

  get(path: string) {
    return this.call({ method: 'GET', path });
  }

  async leases() {
    const all = await this.services.leases.all();
    return all.filter(({ resource }) => resource.endsWith(this.id));
  }
}

/** For a test file: a store of its own, and the API on it. */
export function apiOnOwnStore() {
  let store: Store;
  beforeAll(async () => {
    store = await startStore();
  }, 40_000);
  afterAll(() => store.stop());
  class Api extends ApiOnStore {
    constructor(options: ApiOptions = {}) {
      super(store, options);
    }
  }
  return { Api, store: () => store };
}
