import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { step } from '../aws/step.ts';
import { NoticesClient } from '../checklist/notices.client.ts';
import { startServices } from '../game-day/start-services.ts';
import { EventsClient } from '../notifications/events.client.ts';
import { environment } from '../runs/environment.ts';
import { deliver, deliverInput } from './deliver.ts';
import { notMade } from './not-made.ts';
import { SchedulesClient } from './schedules.client.ts';

export const handler = step(deliverInput, (input, shared) => {
  const { TABLE_NAME, TOPIC_ARN } = environment('TABLE_NAME', 'TOPIC_ARN');
  const notices = new NoticesClient(new SNSClient(), TOPIC_ARN);
  const events = new EventsClient(new EventBridgeClient());
  return deliver(input, {
    ...startServices(shared),
    schedules: new SchedulesClient(new DynamoDBClient(), TABLE_NAME),
    async tell(schedule, delivered) {
      const { notice, event } = notMade(schedule, delivered);
      await notices.tell(notice);
      await events.put(event);
    },
  });
});
