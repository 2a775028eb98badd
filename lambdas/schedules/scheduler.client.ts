import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { inOneLine } from '../aws/one-line.ts';
import { type Schedule, ScheduleRefused } from './schedule.ts';

/** Where deliveries go and who makes them. */
export interface Delivery {
  group: string;
  /** The state machine that starts the game-day. */
  machine: string;
  /** As whom EventBridge Scheduler starts it. */
  role: string;
  /** What could not be delivered. */
  deadLetters: string;
}

/** A start that comes later than this is no longer the one that was meant. */
const mostSecondsLate = 300;

type Timing = Pick<Schedule, 'name' | 'expression' | 'timeZone' | 'paused'>;

/** Runtime access to EventBridge Scheduler, in a group of Faultline's own. */
export class Scheduler {
  private readonly client: SchedulerClient;
  private readonly delivery: Delivery;

  constructor(client: SchedulerClient, delivery: Delivery) {
    this.client = client;
    this.delivery = delivery;
  }

  /** As it is to be, whether there is one of this name or not. @throws ScheduleRefused */
  async put(timing: Timing): Promise<void> {
    const input = this.inputOf(timing);
    try {
      try {
        await this.client.send(new CreateScheduleCommand(input));
      } catch (error) {
        if (!(error instanceof ConflictException)) throw error;
        await this.client.send(new UpdateScheduleCommand(input));
      }
    } catch (error) {
      if (error instanceof ValidationException) throw new ScheduleRefused(inOneLine(error.message));
      throw error;
    }
  }

  /** One that is not there is deleted already. */
  async delete(name: string): Promise<void> {
    try {
      await this.client.send(new DeleteScheduleCommand({ Name: name, GroupName: this.delivery.group }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  }

  private inputOf({ name, expression, timeZone, paused }: Timing): CreateScheduleCommandInput {
    const { group, machine, role, deadLetters } = this.delivery;
    return {
      Name: name,
      GroupName: group,
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: timeZone,
      State: paused ? 'DISABLED' : 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: machine,
        RoleArn: role,
        // The same delivery, however often it is made, has the same scheduled time.
        Input: JSON.stringify({ schedule: name, scheduledTime: '<aws.scheduler.scheduled-time>' }),
        RetryPolicy: { MaximumEventAgeInSeconds: mostSecondsLate, MaximumRetryAttempts: 10 },
        DeadLetterConfig: { Arn: deadLetters },
      },
    };
  }
}
