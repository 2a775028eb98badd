import type { Announcement } from './announcement.ts';
import type { EventsClient } from './events.client.ts';
import type { NoticesClient } from './notices.client.ts';

export interface AnnounceServices {
  notices: Pick<NoticesClient, 'tell'>;
  events: Pick<EventsClient, 'put'>;
}

/** Tells people and the event bus. @returns what became of the people's message */
export async function announce({ notice, event }: Announcement, { notices, events }: AnnounceServices) {
  const told = await notices.tell(notice, event);
  await events.put(event);
  return told;
}
