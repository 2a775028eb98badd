import { type CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from './kept-logs.ts';

export interface LogLimits {
  lines: number;
  /** Of all messages together. */
  bytes: number;
  /** Of one message; the rest of it is left out. */
  messageCharacters: number;
}

/** Runtime access to what others log to CloudWatch Logs. */
export class LogsClient {
  private readonly logs: CloudWatchLogsClient;

  constructor(logs: CloudWatchLogsClient) {
    this.logs = logs;
  }

  /** The first lines from `from` until before `to` (epoch seconds), up to the limits, in the order of their times. */
  async between(
    group: string,
    from: number,
    to: number,
    limits: LogLimits,
  ): Promise<{ lines: LogLine[]; cut: boolean }> {
    const lines: LogLine[] = [];
    let bytes = 0;
    const pages = paginateFilterLogEvents(
      { client: this.logs },
      {
        logGroupName: group,
        startTime: Math.ceil(from * 1000),
        // Both ends are included.
        endTime: Math.ceil(to * 1000) - 1,
        limit: Math.min(limits.lines + 1, largestPage),
      },
    );
    for await (const { events = [] } of pages) {
      for (const { timestamp = 0, logStreamName = '', message: whole = '' } of events) {
        const message = whole.slice(0, limits.messageCharacters);
        bytes += Buffer.byteLength(message);
        if (lines.length === limits.lines || bytes > limits.bytes) return { lines: inOrder(lines), cut: true };
        lines.push({ at: timestamp / 1000, stream: logStreamName, message });
      }
    }
    return { lines: inOrder(lines), cut: false };
  }
}

const largestPage = 10_000;
const inOrder = (lines: LogLine[]) => lines.sort((a, b) => a.at - b.at);
