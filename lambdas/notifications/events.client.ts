import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventSource, type FaultlineEvent } from './events.ts';

/** Runtime access to the account's default event bus. */
export class EventsClient {
  private readonly bridge: EventBridgeClient;

  constructor(bridge: EventBridgeClient) {
    this.bridge = bridge;
  }

  /** @throws where the bus does not take it, which it says in an answer of 200 */
  async put({ type, detail }: FaultlineEvent): Promise<void> {
    const { Entries = [] } = await this.bridge.send(
      new PutEventsCommand({ Entries: [{ Source: eventSource, DetailType: type, Detail: JSON.stringify(detail) }] }),
    );
    const [entry] = Entries;
    if (!entry?.EventId)
      throw new Error(`the event bus did not take '${type}': ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
  }
}
