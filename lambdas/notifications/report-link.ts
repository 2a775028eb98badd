import { z } from 'zod';

/** Where a game-day's report is, or will be when the game-day has ended. */
export const reportLinkSchema = z.object({
  path: z
    .string()
    .describe("Below the API's address, for whoever signs requests: it answers with a link of five minutes"),
  object: z.string().describe('s3://…: the page, for whoever may read the evidence bucket'),
  console: z.url().nullable().describe('The page in the AWS console; null in a run on one machine'),
});
export type ReportLink = z.infer<typeof reportLinkSchema>;

export interface ReportPlace {
  bucket: string;
  region: string;
  mode: 'local' | 'aws';
}

export function reportLink(gameDayId: string, { bucket, region, mode }: ReportPlace): ReportLink {
  const key = `game-days/${gameDayId}/report.html`;
  const query = new URLSearchParams({ region, prefix: key });
  return {
    path: `game-days/${gameDayId}/report`,
    object: `s3://${bucket}/${key}`,
    console: mode === 'aws' ? `https://${region}.console.aws.amazon.com/s3/object/${bucket}?${query}` : null,
  };
}

/** As a person is told. */
export const reportLine = ({ console, object }: ReportLink) => `Report: ${console ?? object}`;
