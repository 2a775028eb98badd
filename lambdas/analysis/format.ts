/** How figures are written in evidence, cells and the report: one place, so that all of them agree. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const count = (n: number): string => grouped.format(n);

/** "1 request", "2 requests" */
export const plural = (n: number, noun: string): string => `${count(n)} ${noun}${n === 1 ? '' : 's'}`;

/** A share 0..1 as a percentage; what is not nothing never looks like nothing. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.01) return '< 0.01 %';
  if (value > 99.99 && value < 100) return '> 99.99 %';
  return `${value === 0 || value === 100 ? value : value.toFixed(value < 1 ? 2 : 1)} %`;
}

export const milliseconds = (ms: number): string => (ms < 10 ? ms.toFixed(1) : grouped.format(ms));

export const perSecond = (n: number): string => (n < 10 ? n.toFixed(2) : n < 1000 ? n.toFixed(1) : count(n));

export const secondsText = (s: number): string => (s < 100 ? `${s.toFixed(1)} s` : `${count(s)} s`);

/** "4.2 ms", "3.0 s" */
export const durationText = (ms: number): string => (ms < 1000 ? `${milliseconds(ms)} ms` : secondsText(ms / 1000));

/** "12:03:04.2 UTC" */
export const clockTime = (epoch: number): string => `${new Date(epoch * 1000).toISOString().slice(11, 21)} UTC`;

/** "5 min", "90 s" */
export const targetText = (s: number): string => (s >= 60 && s % 60 === 0 ? `${s / 60} min` : `${s} s`);

/** "3.2 s after" or "0.4 s before" */
export const offset = (s: number): string => `${secondsText(Math.abs(s))} ${s < 0 ? 'before' : 'after'}`;
