import type { FaultIo } from '../faults/fault.ts';
import type { RunHost } from '../runs/run.ts';
import type { Target } from '../target/target.ts';

/** The managed hosts on which the target's application runs, as they are now. */
export async function hostsOf({ target, hosts }: Pick<FaultIo, 'target' | 'hosts'>): Promise<RunHost[]> {
  const found = target.hosts ? await hosts.find(target.hosts.tag) : [];
  return found.map(({ instanceId, name, address }) => ({ instanceId, name, address }));
}

/**
 * All that a run on this target has for itself: two targets that share a service or a host cannot be under test at
 * once, not even with different faults.
 * @example ['target/shop', 'service/shop/database', 'host/i-0123456789abcdef0']
 */
export function leasedResources({ id, database, cache }: Target, hosts: readonly RunHost[]): string[] {
  const services = [database, cache].flatMap((at) => (at ? [`service/${at.cluster}/${at.service}`] : []));
  return [`target/${id}`, ...new Set(services), ...hosts.map(({ instanceId }) => `host/${instanceId}`)];
}
