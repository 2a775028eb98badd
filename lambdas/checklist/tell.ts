import { type AnnounceServices, announce } from '../notifications/announce.ts';
import type { Announcement } from '../notifications/announcement.ts';
import type { Outcome } from './checklist-records.ts';

/** What nobody has subscribed to reaches nobody. */
export async function tell(
  what: 'start' | 'end',
  announcement: Announcement,
  services: AnnounceServices,
): Promise<Outcome> {
  const { messageId, subscriptions } = await announce(announcement, services);
  const told = `${what} told by SNS message ${messageId}`;
  if (subscriptions === 0) return { done: false, evidence: `${told}, but nobody is subscribed` };
  return {
    done: true,
    evidence: `${told} to ${subscriptions} confirmed subscription${subscriptions === 1 ? '' : 's'}`,
  };
}
