import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SNSClient } from '@aws-sdk/client-sns';
import { environment } from '../runs/environment.ts';
import type { AnnounceServices } from './announce.ts';
import { EventsClient } from './events.client.ts';
import { NoticesClient } from './notices.client.ts';
import { type ReportLink, reportLink } from './report-link.ts';

/** What a Lambda tells people and the event bus with. */
export const announceServices = (): AnnounceServices => ({
  notices: new NoticesClient(new SNSClient(), environment('TOPIC_ARN').TOPIC_ARN),
  events: new EventsClient(new EventBridgeClient()),
});

export function reportOf(gameDayId: string): ReportLink {
  const { BUCKET_NAME, AWS_REGION, FAULTLINE_MODE } = environment('BUCKET_NAME', 'AWS_REGION', 'FAULTLINE_MODE');
  return reportLink(gameDayId, { bucket: BUCKET_NAME, region: AWS_REGION, mode: FAULTLINE_MODE });
}
