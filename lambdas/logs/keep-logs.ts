import { phasesOf } from '../analysis/phases.ts';
import { inOneLine } from '../aws/one-line.ts';
import { withoutCredentials } from '../bundle/without-credentials.ts';
import { runPrefix } from '../finish/analyse-run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { type KeptGroup, type LogColumn, type LogLine, logFileName, logIndexName } from './kept-logs.ts';
import { type LogColumnName, logSpans } from './log-columns.ts';
import type { LogLimits, LogsClient } from './logs.client.ts';

/** Of each column of each group, so that a chatty baseline leaves room for the fault: 1 MB and 4,500 lines a group. */
const limits: LogLimits = { lines: 1_500, bytes: 350_000, messageCharacters: 2_000 };

/** Log agents deliver in batches; past this what was logged in the run's time has arrived. */
const deliverySeconds = 8;

/**
 * Keeps the log lines of the run's time with its evidence, group by group. A group that cannot be read is told of and
 * keeps no other from being kept.
 */
export async function keepLogs(context: RunContext, logs: Pick<LogsClient, 'between'>): Promise<{ lines: number }> {
  const { run, runs, scenario, evidence, clock, io } = context;
  if (run.verdict !== null || io.target.logs.length === 0) return { lines: 0 };
  const events = await runs.events(run.runId);
  const spans = logSpans(phasesOf(run, events, scenario.fault), clock.now());
  const end = Math.max(0, ...Object.values(spans).map((span) => span?.to ?? 0));
  await clock.sleep(Math.min(end + deliverySeconds - clock.now(), deliverySeconds + 5));
  const index: KeptGroup[] = [];
  let kept = 0;
  for (const [number, group] of io.target.logs.entries()) {
    const { lines, ...found } = await keepGroup(group, spans, logs);
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    await evidence.put(runPrefix(run.runId) + logFileName(number, group), withoutCredentials(text));
    index.push(found);
    kept += lines.length;
  }
  await evidence.put(runPrefix(run.runId) + logIndexName, JSON.stringify(index));
  return { lines: kept };
}

async function keepGroup(group: string, spans: ReturnType<typeof logSpans>, logs: Pick<LogsClient, 'between'>) {
  const lines: LogLine[] = [];
  const columns: KeptGroup['columns'] = { before: null, during: null, after: null };
  try {
    for (const [name, span] of Object.entries(spans)) {
      if (!span) continue;
      const found = await logs.between(group, span.from, span.to, limits);
      columns[name as LogColumnName] = { ...span, lines: found.lines.length, cut: found.cut } satisfies LogColumn;
      lines.push(...found.lines);
    }
    return { group, problem: spans.before ? null : 'the run did not come to its baseline', columns, lines };
  } catch (error) {
    const { name, message } = error as Error;
    return { group, problem: inOneLine(`${name}: ${message}`), columns, lines };
  }
}
