import { randomInt } from 'node:crypto';

const suffixLength = 6;
const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `gd-20260218-141503-k2m9x4`: sorts by time and names executions and folders. `now` is in epoch seconds. */
export function newGameDayId(now: number, random: (below: number) => number = randomInt): string {
  const time = new Date(now * 1000).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const suffix = Array.from({ length: suffixLength }, () => alphabet[random(alphabet.length)]).join('');
  return `gd-${time}-${suffix}`;
}
