import { type Increase, increase } from './counters.ts';
import type { ColumnFacts } from './facts.ts';
import { appMetric, probedAt } from './samples.ts';

export interface DatabaseActivity {
  /** Queries (or, where the application does not count them, transactions) a second. */
  rate: number | null;
  source: 'queries' | 'transactions';
  /** Mean and most client backends running a statement. */
  active: { mean: number; max: number } | null;
  /** Most connections in use of those allowed. */
  connections: { max: number; limit: number } | null;
  samples: number;
}

/** What the database was doing in one column, from the application's counters and pg_stat_*. */
export function databaseActivity({ samples }: ColumnFacts): DatabaseActivity {
  const views = samples.flatMap((s) => ('error' in s.database ? [] : [s.database]));
  const queries = increase(samples.map((s) => ({ at: probedAt(s), value: appMetric(s, 'databaseQueries') })));
  const transactions = increase(
    samples.map((s) => ({
      at: probedAt(s),
      value: 'error' in s.database ? null : s.database.xactCommit + s.database.xactRollback,
    })),
  );
  const used = views.map((v) => v.active + v.idle + v.idleInTransaction);
  return {
    rate: rateOf(queries) ?? rateOf(transactions),
    source: queries ? 'queries' : 'transactions',
    active: views.length
      ? { mean: views.reduce((a, v) => a + v.active, 0) / views.length, max: Math.max(...views.map((v) => v.active)) }
      : null,
    connections: views.length ? { max: Math.max(...used), limit: views[0]!.maxConnections } : null,
    samples: views.length,
  };
}

const rateOf = (i: Increase | null): number | null => (i && i.seconds > 0 ? i.total / i.seconds : null);
