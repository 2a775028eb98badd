import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { z } from 'zod';
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
  async start(input: z.input<typeof gameDayInput>): Promise<void> {
    try {
      await this.sfn.send(
        new StartExecutionCommand({
          stateMachineArn: this.arn,
          name: input.gameDayId,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
