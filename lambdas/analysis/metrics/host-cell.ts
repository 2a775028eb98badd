import type { HostSample } from '../../evidence/host-sample.ts';
import type { MetricCell } from '../../report/report.schema.ts';
import { type Column, type Facts, missingHosts } from '../facts.ts';
import { absent, textCell } from './metric.ts';

/** A cell that is made from the samples of the hosts. */
export function hostCell(facts: Facts, column: Column, cell: (hosts: HostSample[]) => MetricCell | null): MetricCell {
  const seen = facts[column];
  if (!seen) return absent(facts, column);
  return (seen.hosts.length > 0 ? cell(seen.hosts) : null) ?? textCell(missingHosts(facts));
}
