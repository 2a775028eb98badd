/** Named switches, each of which turns one good behaviour off. docs/sample-app.md says what each must change. */
export const switchNames = [
  'noTimeouts',
  'noBreaker',
  'noShedding',
  'noRetry',
  'cacheFailureIsError',
  'healthAlways200',
  'ackBeforeDurable',
  'sessionsInCacheOnly',
  'stackTracesInErrors',
  'rateLimiterNeedsRedis',
  'databaseForEverything',
  'nPlusOneQueries',
  'slowStart',
] as const;
export type SwitchName = (typeof switchNames)[number];
export type Fragile = Readonly<Record<SwitchName, boolean>>;

export const resilient: Fragile = fragileWith([]);

function fragileWith(names: readonly SwitchName[]): Fragile {
  return Object.fromEntries(switchNames.map((name) => [name, names.includes(name)])) as Record<SwitchName, boolean>;
}

function isSwitchName(name: string): name is SwitchName {
  return (switchNames as readonly string[]).includes(name);
}

/**
 * Parses FRAGILE: '' (none), 'all', or a comma-separated list of switches.
 * @throws RangeError that names the unknown switch and lists the known ones
 */
export function parseFragile(text: string): Fragile {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 1 && names[0] === 'all') return fragileWith(switchNames);
  const unknown = names.find((name) => !isSwitchName(name));
  if (unknown !== undefined) {
    throw new RangeError(`unknown switch '${unknown}', known are: all, ${switchNames.join(', ')}`);
  }
  return fragileWith(names.filter(isSwitchName));
}
