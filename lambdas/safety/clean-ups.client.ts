import type { SFNClient } from '@aws-sdk/client-sfn';
import type { z } from 'zod';
import { startOnce } from '../aws/start-execution.ts';
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
  start(input: z.input<typeof takeOverInput>, at: number): Promise<void> {
    return startOnce(this.sfn, this.machineArn, `${input.runId}-c${Math.floor(at / 60)}`, input);
  }
}
