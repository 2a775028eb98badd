import { type ExcludedWindow, weekdays } from './safety-limits.ts';

export class TimeExcluded extends Error {
  constructor(window: ExcludedWindow) {
    super(`${describeWindow(window)} is excluded by the target's configuration (safety.excludedWindows)`);
    this.name = 'TimeExcluded';
  }
}

export const describeWindow = ({ days, from, to, timeZone }: ExcludedWindow) =>
  `${days.length === 7 ? 'every day' : days.join(', ')} ${from} to ${to} ${timeZone}`;

const stepSeconds = 60;

/** The first window that the time from `from` to `to` (epoch seconds) touches. Windows are whole minutes. */
export function excludedBetween(windows: ExcludedWindow[], from: number, to: number): ExcludedWindow | null {
  if (windows.length === 0) return null;
  for (let at = from; at < to + stepSeconds; at += stepSeconds) {
    const found = windows.find((window) => contains(window, Math.min(at, to)));
    if (found) return found;
  }
  return null;
}

function contains({ days, from, to, timeZone }: ExcludedWindow, at: number): boolean {
  const { day, time } = localTime(at, timeZone);
  if (from < to) return days.includes(day) && time >= from && time < to;
  // Past midnight it is still the window of the day before.
  const dayBefore = weekdays[(weekdays.indexOf(day) + 6) % 7]!;
  return (days.includes(day) && time >= from) || (days.includes(dayBefore) && time < to);
}

function localTime(at: number, timeZone: string): { day: (typeof weekdays)[number]; time: string } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
  return { day: parts.weekday as (typeof weekdays)[number], time: `${parts.hour}:${parts.minute}` };
}
