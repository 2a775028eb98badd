import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { type ReportFormat, reportFormats } from '../../lambdas/api/routes/report.ts';
import { file } from './arguments.ts';
import type { CommandContext } from './command.ts';
import { download } from './download.ts';
import { here } from './here.ts';

export interface ReportOptions {
  format: ReportFormat;
  out?: string;
  link?: boolean;
  json?: boolean;
}

/** How a report may be asked for. */
export const withReport = (command: Command): Command =>
  command
    .addOption(new Option('-f, --format <format>', 'of the report').choices(reportFormats).default('md'))
    .option('-o, --out <file>', 'write it there instead of printing it', file)
    .option('--link', 'print a link to it, good for five minutes; whoever has it can read the report')
    .addOption(new Option('--json', 'the report as JSON: the same as --format json').implies({ format: 'json' }));

/** Prints a report, or where it is. */
export async function keepReport(
  of: 'game-days' | 'runs',
  id: string,
  { format, out, link }: ReportOptions,
  { api, stdout }: CommandContext,
): Promise<void> {
  const url = await api().report(of, id, format);
  if (link) return stdout(`${url}\n`);
  const report = await download(url);
  if (out === undefined) return stdout(report.toString('utf8'));
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, report);
  stdout(`${here(out)}: ${report.length} bytes\n`);
}
