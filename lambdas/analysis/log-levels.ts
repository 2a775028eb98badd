export type LogLevel = 'error' | 'warning' | 'other';

/** What a line says, without its wrapping, and how grave it is. */
export interface ReadLine {
  level: LogLevel;
  text: string;
}

const errors = /^(error|fatal|critical|crit|panic|alert|emerg|emergency)$/i;
const warnings = /^warn(ing)?$/i;
/** A level in a line of text: `ERROR:`, `[warn]`, `level=error`. */
const levelWord = /\b(ERROR|FATAL|CRITICAL|PANIC|WARN(?:ING)?|INFO|NOTICE|DEBUG|TRACE|LOG)\b/;
/** In small letters only where nothing but a time stands before it, and a colon after: `error: text`, as winston has it. */
const firstWord = /^(?:[\d:.,TZ+ -]*\s)?(error|warn|warning|info|debug|verbose|http|silly):\s/;
const levelField = /\b(?:level|severity)=["']?(\w+)/i;
/** `123:M 01 Jan 2026 00:00:00.000 # text`: Redis' mark of a warning. */
const redisWarning = /^\d+:[A-Z] \d+ \w+ \d+ [\d:.]+ # /;

/** Reads lines of JSON (a level by name, or by pino's numbers) and of text. */
export function readLine(line: string): ReadLine {
  const record = jsonOf(line);
  if (!record) return { level: levelOfText(line), text: line };
  const { level, severity, levelname, msg, message, err, error } = record;
  const cause = messageOf(err) ?? messageOf(error);
  const said = [msg, message].find((m): m is string => typeof m === 'string' && m !== '');
  const text = [said, cause].filter((part) => part && part !== '').join(': ');
  return { level: levelOfValue(level ?? severity ?? levelname), text: text || line };
}

function levelOfText(line: string): LogLevel {
  if (redisWarning.test(line)) return 'warning';
  return levelOfValue(firstWord.exec(line)?.[1] ?? levelField.exec(line)?.[1] ?? levelWord.exec(line)?.[1]);
}

function levelOfValue(value: unknown): LogLevel {
  if (typeof value === 'number') return value >= 50 ? 'error' : value >= 40 ? 'warning' : 'other';
  if (typeof value !== 'string') return 'other';
  if (errors.test(value)) return 'error';
  return warnings.test(value) ? 'warning' : 'other';
}

function messageOf(error: unknown): string | null {
  if (typeof error === 'string') return error;
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : null;
}

function jsonOf(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
