import { z } from 'zod';

/** One field's values: a number or a name, a range, a list, a step. */
const field = '[0-9A-Z*?,/#-]{1,60}';
const pattern = new RegExp(
  `^(rate\\([1-9][0-9]{0,4} (minutes?|hours?|days?)\\)|at\\(20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\\)|cron\\((${field} ){5}${field}\\))$`,
);

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
interface Field {
  from: number;
  to: number;
  names?: string[];
  special?: RegExp;
}
/** Minutes, hours, day of the month, month, day of the week, year: as EventBridge Scheduler has them. */
const fields: Field[] = [
  { from: 0, to: 59 },
  { from: 0, to: 23 },
  { from: 1, to: 31, special: /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { from: 1, to: 12, names: months },
  { from: 1, to: 7, names: days, special: /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/ },
  { from: 1970, to: 2199 },
];

/** What EventBridge Scheduler takes: `rate(1 day)`, `at(2027-01-31T09:00:00)`, `cron(0 9 ? * MON *)`. */
export const expressionSchema = z
  .string()
  .max(256)
  .regex(pattern, 'rate(…), at(…) or cron(…) as EventBridge Scheduler has it')
  .refine(isMeant, 'no time is meant by that: its fields do not hold')
  .meta({ examples: ['rate(7 days)', 'cron(0 9 ? * MON *)', 'at(2027-01-31T09:00:00)'] });

function isMeant(expression: string): boolean {
  const [, kind, inside] = /^(\w+)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'at') return new Date(`${inside}.000Z`).toString() !== 'Invalid Date' && isDay(inside!);
  if (kind !== 'cron') return true;
  const parts = inside!.split(' ');
  // One of the two days is open, and the other one says which.
  if ((parts[2] === '?') === (parts[4] === '?')) return false;
  return parts.every((part, i) => part.split(',').every((one) => isOf(fields[i]!, one)));
}

/** The 30th of February is read as a day of March. */
const isDay = (time: string) => new Date(`${time}.000Z`).toISOString().startsWith(time);

function isOf({ from, to, names = [], special }: Field, text: string): boolean {
  if (special?.test(text)) return true;
  const [values = '', step, ...more] = text.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d{0,2}$/.test(step))) return false;
  if (values === '*') return true;
  const numbers = values.split('-').map((value) => numberOf(value, names));
  return numbers.length <= 2 && numbers.every((n) => n >= from && n <= to) && numbers[0]! <= numbers.at(-1)!;
}

/** NaN for what is neither a number nor a name, which is in no range. */
const numberOf = (text: string, names: string[]) =>
  names.includes(text) ? names.indexOf(text) + 1 : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
