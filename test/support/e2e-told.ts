import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { eventSchemas, eventSource, type FaultlineEvent } from '../../lambdas/notifications/events.ts';
import type { DeployedApp } from './e2e-stack.ts';

export interface Delivered {
  MessageId: string;
  Subject: string;
  Message: string;
  MessageAttributes: Record<'event' | 'target', { Value: string }>;
}

/** Somebody who wants to be told: a queue that has subscribed to the topic, and one that a rule of the event bus fills. */
export class Listener {
  private readonly app: DeployedApp;
  private readonly subscription: string;
  private readonly queues: { notices: string; events: string };
  private readonly heard: { notices: Delivered[]; events: FaultlineEvent[] } = { notices: [], events: [] };

  private constructor(app: DeployedApp, subscription: string, queues: { notices: string; events: string }) {
    this.app = app;
    this.subscription = subscription;
    this.queues = queues;
  }

  static async of(app: DeployedApp): Promise<Listener> {
    const notices = await queueFor(app, 'team', 'sns.amazonaws.com');
    const subscribe = new SubscribeCommand({
      TopicArn: app.deployment.TopicArn,
      Protocol: 'sqs',
      Endpoint: notices.arn,
      ReturnSubscriptionArn: true,
    });
    const { SubscriptionArn } = await new SNSClient(app.root).send(subscribe);
    const events = await queueFor(app, 'programs', 'events.amazonaws.com');
    const bridge = new EventBridgeClient(app.root);
    const Name = 'faultline-events';
    await bridge.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [eventSource] }) }));
    await bridge.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn: events.arn }] }));
    return new Listener(app, SubscriptionArn!, { notices: notices.url, events: events.url });
  }

  /** Every message so far that has this text in it. */
  async notices(text: string): Promise<Delivered[]> {
    this.heard.notices.push(...(await this.drain<Delivered>(this.queues.notices)));
    return this.heard.notices.filter(({ Message }) => Message.includes(text));
  }

  /** Every event so far that has this text in its detail. @throws for a detail that is not as its schema says */
  async events(text: string): Promise<FaultlineEvent[]> {
    for (const event of await this.drain<{ 'detail-type': FaultlineEvent['type']; detail: unknown }>(
      this.queues.events,
    )) {
      const type = event['detail-type'];
      this.heard.events.push({ type, detail: eventSchemas[type].strict().parse(event.detail) } as FaultlineEvent);
    }
    return this.heard.events.filter(({ detail }) => JSON.stringify(detail).includes(text));
  }

  /** From now on nobody is told by SNS. */
  async unsubscribe(): Promise<void> {
    await new SNSClient(this.app.root).send(new UnsubscribeCommand({ SubscriptionArn: this.subscription }));
  }

  private async drain<T>(QueueUrl: string): Promise<T[]> {
    const sqs = new SQSClient(this.app.root);
    const found: T[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return found;
      found.push(...Messages.map(({ Body }) => JSON.parse(Body!) as T));
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  }
}

/** A queue that this service may fill. */
async function queueFor(app: DeployedApp, QueueName: string, service: string): Promise<{ url: string; arn: string }> {
  const sqs = new SQSClient(app.root);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Resource = Attributes!.QueueArn!;
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sqs:SendMessage', Resource }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return { url: QueueUrl!, arn: Resource };
}
