import type { Target } from '../target/target.ts';

/**
 * All that a run on this target has for itself: two targets that share a service cannot be under test at once, not even
 * with different faults.
 * @example ['target/shop', 'service/shop/database']
 */
export function leasedResources({ id, database, cache }: Target): string[] {
  const services = [database, cache].flatMap((at) => (at ? [`service/${at.cluster}/${at.service}`] : []));
  return [`target/${id}`, ...new Set(services)];
}
