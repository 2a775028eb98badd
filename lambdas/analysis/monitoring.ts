import type { HostSample } from '../evidence/host-sample.ts';
import type { Sample } from '../evidence/sample.ts';
import type { LogSummary, MonitoringRow } from '../report/report.schema.ts';
import { isCounter } from '../signals/cloudwatch-metric.ts';
import type { KeptSignal } from '../signals/kept-signals.ts';
import { tooCoarse } from '../signals/with-signals.ts';
import { increase } from './counters.ts';
import { type Column, type ColumnFacts, type Facts, missing } from './facts.ts';
import { count, percent } from './format.ts';
import { median } from './robust.ts';
import { counted, gauge, probedAt } from './samples.ts';

/** What one of the document's monitoring commands would have shown in a column, or why it would have shown nothing. */
interface Command {
  command: string;
  shows(column: ColumnFacts, facts: Facts): string;
}

const commands: readonly Command[] = [
  {
    command: 'htop',
    shows: onHosts((hosts) => {
      const busy = median(hosts.flatMap((h) => h.cpu.busy ?? []));
      const load = median(hosts.map((h) => h.cpu.load1));
      return `CPU ${busy === null ? 'not measured' : `${percent(busy)} busy`}, load ${load!.toFixed(2)}`;
    }),
  },
  {
    command: 'free -h',
    shows: onHosts((hosts) => {
      const of = (figure: (memory: HostSample['memory']) => number) => median(hosts.map((h) => figure(h.memory)))!;
      const available = of((m) => m.availableKb);
      const swap = of((m) => m.swapTotalKb - m.swapFreeKb);
      return `${megabytes(available)} of ${megabytes(of((m) => m.totalKb))} available, ${megabytes(swap)} of swap used`;
    }),
  },
  {
    command: 'df -h',
    shows: onHosts((hosts) => {
      const free = median(hosts.map((h) => h.disk.freeBytes))!;
      return `${megabytes(free / 1024)} of ${megabytes(median(hosts.map((h) => h.disk.totalBytes))! / 1024)} free`;
    }),
  },
  {
    command: 'psql -c "SELECT * FROM pg_stat_activity;"',
    shows: (column) =>
      probed(column, 'database', (views) => {
        const of = (figure: (view: Database) => number) => count(median(views.map(figure))!);
        const parts = [
          `${of((v) => v.active)} active`,
          `${of((v) => v.idle)} idle`,
          `${of((v) => v.idleInTransaction)} idle in transaction`,
          `${of((v) => v.waitingOnLock)} waiting for a lock`,
        ];
        return `${parts.join(', ')}; ${of((v) => v.maxConnections)} allowed`;
      }),
  },
  {
    command: 'redis-cli INFO',
    shows: (column) =>
      probed(column, 'cache', (views) => {
        const of = (figure: (view: Cache) => number) => median(views.map(figure))!;
        const rate = commandRate(column.samples);
        const parts = [
          `${count(of((v) => v.connectedClients))} clients`,
          `${megabytes(of((v) => v.usedMemoryBytes) / 1024)} used`,
          ...(rate === null ? [] : [`${count(rate)} commands/s`]),
        ];
        return parts.join(', ');
      }),
  },
  {
    command: 'netstat -an | grep ESTABLISHED | wc -l',
    shows: onHosts((hosts) => count(median(hosts.map((h) => h.sockets.established ?? 0))!)),
  },
];

/** The document's monitoring commands with what they would have shown: medians of the samples of each column. */
export function monitoringOf(facts: Facts, logs: readonly LogSummary[]): MonitoringRow[] {
  const cell = (column: Column, { shows }: Command) => {
    const own = facts[column];
    return own ? shows(own, facts) : missing(facts, column);
  };
  const measured = commands.map((c) => ({
    command: c.command,
    before: cell('before', c),
    during: cell('during', c),
    after: cell('after', c),
  }));
  return [
    ...measured,
    ...(facts.evidence.signals ?? []).map((signal) => signalRow(signal, facts)),
    ...logs.map(logRow),
  ];
}

/** Of a counter how much it rose, of a gauge the median, each over the column. */
function signalRow({ signal, metric, problem }: KeptSignal, facts: Facts): MonitoringRow {
  const why = problem ?? tooCoarse(metric.periodSeconds, facts.evidence.run.seconds.fault);
  const cell = (column: Column) => {
    const own = facts[column];
    if (!own) return missing(facts, column);
    if (why !== null) return `not measured: ${why}`;
    const value = isCounter(signal)
      ? (counted(facts.samples, signal, own.span) ?? null)
      : (median(gauge(own.samples, signal)) ?? null);
    return value === null ? 'not measured: CloudWatch has nothing of that time' : count(value);
  };
  const { namespace, name } = metric;
  return {
    command: `CloudWatch ${namespace} ${name} (${signal})`,
    before: cell('before'),
    during: cell('during'),
    after: cell('after'),
  };
}

function logRow(log: LogSummary): MonitoringRow {
  const cell = (column: LogSummary['before']) => {
    if (!column) return log.problem ?? 'not measured: the run did not get there';
    const { lines, errors, warnings, cut } = column;
    return `${cut ? 'the first ' : ''}${count(lines)} lines: ${count(errors)} errors, ${count(warnings)} warnings`;
  };
  return {
    command: `tail -f ${log.group}`,
    before: cell(log.before),
    during: cell(log.during),
    after: cell(log.after),
  };
}

function onHosts(shows: (hosts: HostSample[]) => string): Command['shows'] {
  return ({ hosts }, { evidence }) => {
    if (hosts.length > 0) return shows(hosts);
    return evidence.run.target.hosts ? 'not measured: no sample of the host' : 'no managed host';
  };
}

type Database = Exclude<Sample['database'], { error: string }>;
type Cache = Exclude<Sample['cache'], { error: string }>;

/** Where no probe got an answer, that is what the command would have shown. */
function probed<T extends 'database' | 'cache'>(
  { samples }: ColumnFacts,
  which: T,
  shows: (views: Exclude<Sample[T], { error: string }>[]) => string,
): string {
  const results = samples.map((s) => s[which]);
  const views = results.filter((r) => !('error' in r)) as Exclude<Sample[T], { error: string }>[];
  const failed = results.length - views.length;
  const last = results.findLast((r) => 'error' in r) as { error: string } | undefined;
  if (results.length === 0) return 'not measured: no sample';
  if (views.length === 0) return `no answer in ${count(failed)} of ${count(failed)} samples: ${last!.error}`;
  return failed === 0
    ? shows(views)
    : `${shows(views)}; no answer in ${count(failed)} of ${count(results.length)} samples`;
}

function commandRate(samples: readonly Sample[]): number | null {
  const points = samples.map((s) => ({
    at: probedAt(s),
    value: 'error' in s.cache ? null : s.cache.commandsProcessed,
  }));
  const found = increase(points);
  return found && found.seconds > 0 ? found.total / found.seconds : null;
}

const megabytes = (kb: number) => (kb >= 10 * 1024 ? `${count(kb / 1024)} MB` : `${(kb / 1024).toFixed(1)} MB`);
