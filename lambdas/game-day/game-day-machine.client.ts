import type { SFNClient } from '@aws-sdk/client-sfn';
import type { z } from 'zod';
import { startOnce } from '../aws/start-execution.ts';
import type { gameDayInput } from './game-day.ts';

/** Runtime access to the state machine of game-days. */
export class GameDayMachineClient {
  private readonly sfn: SFNClient;
  private readonly arn: string;

  constructor(sfn: SFNClient, arn: string) {
    this.sfn = sfn;
    this.arn = arn;
  }

  /** The game-day's id is its execution's name: started once more, it is the same one. */
  start(input: z.input<typeof gameDayInput>): Promise<void> {
    return startOnce(this.sfn, this.arn, input.gameDayId, input);
  }
}
