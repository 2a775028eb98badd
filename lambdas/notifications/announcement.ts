import type { FaultlineEvent } from './events.ts';

/** What people are told: a line, and a few more. */
export interface Notice {
  /** At most 100 characters, as SNS has it. */
  subject: string;
  message: string;
}

/** One thing that happened, for people (SNS) and for programs (EventBridge). */
export interface Announcement {
  notice: Notice;
  event: FaultlineEvent;
}

export const noticeOf = (subject: string, lines: string[]): Notice => ({
  subject: subject.slice(0, 100),
  message: `${lines.join('\n')}\n`,
});

/** "2027-01-15T08:00:00Z" */
export const timeText = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
