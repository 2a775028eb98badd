import type { RunCost } from './cost.ts';
import type { Prices } from './prices.ts';

const dollars = (usd: number) => `$${usd.toFixed(usd < 0.1 ? 4 : 2)}`;

/** The costs of a game-day's runs for people: a line for each run, then what all of them are made of. */
export function costText(
  runs: RunCost[],
  { profile, workers }: { profile: string; workers: number },
  prices: Prices,
): string {
  const services = runs[0]?.lines.map(({ service }) => service) ?? [];
  const of = (service: string) =>
    total(runs.map(({ lines }) => lines.find((line) => line.service === service)?.usd ?? 0));
  const rows = runs.map(({ scenario, minutes, usd, elsewhere }) => [
    scenario,
    `${minutes.toFixed(1)} min`,
    dollars(usd),
    dollars(elsewhere.fis),
    dollars(elsewhere.load),
  ]);
  const sums = [
    'all',
    `${total(runs.map((run) => run.minutes)).toFixed(1)} min`,
    dollars(total(runs.map((run) => run.usd))),
    dollars(total(runs.map((run) => run.elsewhere.fis))),
    dollars(total(runs.map((run) => run.elsewhere.load))),
  ];
  return [
    `Profile ${profile}, ${workers} workers; list prices of ${prices.region} as of ${prices.asOf}, at most:`,
    '',
    ...aligned([['run', 'time', 'Faultline', 'FIS', 'load by DLT'], ...rows, sums]),
    '',
    ...aligned(services.map((service) => [service, dollars(of(service))])),
    '',
    'FIS: the fault alone, by action-minutes. DLT: the same users for the same time by Distributed Load Testing on AWS.',
    'Neither measures RTO, RPO or behaviours. What stands between runs is not counted: docs/cost.md.',
    '',
  ].join('\n');
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

/** Columns of equal width, the first to the left and the others to the right. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
}
