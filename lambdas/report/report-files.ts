import { renderMarkdown } from './render-markdown.ts';
import type { Report } from './report.schema.ts';

export interface ReportFile {
  name: string;
  text: string;
  contentType: string;
}

/** A report in each of its forms: a game-day's files, and those that are made of its evidence again. */
export const reportFiles = (report: Report): ReportFile[] => [
  { name: 'report.json', text: `${JSON.stringify(report, null, 2)}\n`, contentType: 'application/json' },
  { name: 'report.md', text: renderMarkdown(report), contentType: 'text/markdown; charset=utf-8' },
];
