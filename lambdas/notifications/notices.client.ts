import { GetTopicAttributesCommand, PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from './announcement.ts';
import type { FaultlineEvent } from './events.ts';

/** Runtime access to the topic on which people are told of game-days. */
export class NoticesClient {
  private readonly sns: SNSClient;
  private readonly topicArn: string;

  constructor(sns: SNSClient, topicArn: string) {
    this.sns = sns;
    this.topicArn = topicArn;
  }

  /**
   * @param about its type and its target are the message's attributes `event` and `target`, by which a subscription can
   * filter
   * @returns the message's id, and how many had confirmed that they want to be told
   */
  async tell(
    { subject, message }: Notice,
    { type, detail: { target } }: FaultlineEvent,
  ): Promise<{ messageId: string; subscriptions: number }> {
    const TopicArn = this.topicArn;
    const { Attributes } = await this.sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const { MessageId } = await this.sns.send(
      new PublishCommand({
        TopicArn,
        Subject: subject,
        Message: message,
        MessageAttributes: {
          event: { DataType: 'String', StringValue: type },
          target: { DataType: 'String', StringValue: target },
        },
      }),
    );
    if (!MessageId) throw new Error('SNS took the message without giving it an id');
    return { messageId: MessageId, subscriptions: Number(Attributes?.SubscriptionsConfirmed ?? 0) };
  }
}
