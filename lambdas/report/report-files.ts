import type { Timeline } from '../analysis/timeline.ts';
import { renderHtml } from './html/render-html.ts';
import { renderMarkdown } from './render-markdown.ts';
import type { Report } from './report.schema.ts';

export interface ReportFile {
  name: string;
  text: string;
  contentType: string;
}

/**
 * A report in each of its forms: a game-day's files, and those that are made of its evidence again.
 * @param timelines of its runs, for the pictures; a run without one has none
 */
export const reportFiles = (report: Report, timelines: readonly Timeline[]): ReportFile[] => [
  { name: 'report.json', text: `${JSON.stringify(report, null, 2)}\n`, contentType: 'application/json' },
  { name: 'report.md', text: renderMarkdown(report), contentType: 'text/markdown; charset=utf-8' },
  { name: 'report.html', text: renderHtml(report, timelines), contentType: 'text/html; charset=utf-8' },
];
