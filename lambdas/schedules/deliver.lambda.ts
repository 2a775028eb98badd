import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { step } from '../aws/step.ts';
import { startServices } from '../game-day/start-services.ts';
import { announce } from '../notifications/announce.ts';
import { announceServices } from '../notifications/announcing.ts';
import { startNotMade } from '../notifications/of-schedule.ts';
import { environment } from '../runs/environment.ts';
import { deliver, deliverInput } from './deliver.ts';
import { SchedulesClient } from './schedules.client.ts';

export const handler = step(deliverInput, (input, shared) => {
  const channels = announceServices();
  return deliver(input, {
    ...startServices(shared),
    schedules: new SchedulesClient(new DynamoDBClient(), environment('TABLE_NAME').TABLE_NAME),
    tell: async (schedule, delivered) => void (await announce(startNotMade(schedule, delivered), channels)),
  });
});
