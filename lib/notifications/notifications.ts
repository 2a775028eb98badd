import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { eventSource } from '../../lambdas/notifications/events.ts';

/** Where people are told of game-days and of what runs came to; who wants to know subscribes to the topic. */
export class Notifications extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', {
      masterKey: Alias.fromAliasName(this, 'Key', 'alias/aws/sns'),
      enforceSSL: true,
    });
  }

  get topicArn(): string {
    return this.topic.topicArn;
  }

  /** Telling people and the account's event bus. */
  grantAnnounce(grantee: IGrantable): void {
    this.grantPublish(grantee);
    this.grantPutEvents(grantee);
  }

  /** In Faultline's own name alone. */
  private grantPutEvents({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
        conditions: { StringEquals: { 'events:source': eventSource } },
      }),
    );
  }

  /** With seeing whether anybody is told. */
  private grantPublish(grantee: IGrantable): void {
    this.topic.grantPublish(grantee);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sns:GetTopicAttributes'], resources: [this.topic.topicArn] }),
    );
  }
}
