import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { environment } from '../runs/environment.ts';
import { faultIo, type Services } from '../runs/run-context.ts';
import { newGameDayId } from './game-day-id.ts';
import { GameDayMachineClient } from './game-day-machine.client.ts';
import { IdempotencyKeysClient } from './idempotency-keys.client.ts';
import type { StartServices } from './start-game-day.ts';

/** What a Lambda starts game-days with, whoever asked for it. */
export function startServices(shared: Services): Services & StartServices {
  const { TABLE_NAME, GAME_DAY_MACHINE, STARTS } = environment('TABLE_NAME', 'GAME_DAY_MACHINE', 'STARTS');
  return {
    ...shared,
    machine: new GameDayMachineClient(new SFNClient(), GAME_DAY_MACHINE),
    keys: new IdempotencyKeysClient(new DynamoDBClient(), TABLE_NAME),
    ioOf: (target) => faultIo(target, shared.clock, refuseChange),
    newGameDayId,
    onlyDryRuns: STARTS === 'dry-run',
  };
}

async function refuseChange({ service, operation }: { service: string; operation: string }): Promise<void> {
  throw new Error(`a start looked at a target and called ${service} ${operation}`);
}
