import { z } from 'zod';
import { ReportNotFound } from '../api-errors.ts';
import type { Answer, ApiServices, Route } from '../route.ts';

export const reportFormats = ['html', 'md', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const reportQuery = z.strictObject({ format: z.enum(reportFormats).default('html') });

export const reportAnswers: Route['answers'] = {
  302: {
    description: 'To the file, by a link for a few minutes; whoever has it can read the report',
    body: null,
    headers: z.object({ location: z.url() }),
  },
};

/** A report is larger than API Gateway lets through: a redirect. @throws ReportNotFound */
export async function toReport(
  gameDayId: string,
  format: ReportFormat,
  { evidence, downloads }: Pick<ApiServices, 'evidence' | 'downloads'>,
): Promise<Answer> {
  const file = `report.${format}`;
  const key = `game-days/${gameDayId}/${file}`;
  if (!(await evidence.has(key))) throw new ReportNotFound(gameDayId, file);
  return { status: 302, headers: { location: await downloads.link(key) } };
}
