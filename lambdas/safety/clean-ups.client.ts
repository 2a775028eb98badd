import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { z } from 'zod';
import type { takeOverInput } from './take-over.ts';

/** Runtime access to the machine that ends the runs which cannot end themselves. */
export class CleanUpsClient {
  private readonly sfn: SFNClient;
  private readonly machineArn: string;

  constructor(sfn: SFNClient, machineArn: string) {
    this.sfn = sfn;
    this.machineArn = machineArn;
  }

  /** At most one a minute for each run: many may find the same one. `at` is in epoch seconds. */
  async start(input: z.input<typeof takeOverInput>, at: number): Promise<void> {
    try {
      await this.sfn.send(
        new StartExecutionCommand({
          stateMachineArn: this.machineArn,
          name: `${input.runId}-c${Math.floor(at / 60)}`,
          input: JSON.stringify(input),
        }),
      );
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}
