import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import type { Target } from '../../../lambdas/target/target.ts';

/** A target with everything that one may have; `changes` over it. */
export function aTarget(changes: Partial<Target> = {}): Target {
  return {
    id: 'shop',
    endpoint: 'http://app.example.internal:8000',
    health: { path: '/health', timeoutMs: 900 },
    load: { files: ['locustfile.py'] },
    database: {
      cluster: 'shop',
      service: 'database',
      host: 'database.example.internal',
      port: 5432,
      secretId: 'shop/database',
      name: 'shop',
    },
    cache: { cluster: 'shop', service: 'cache', host: 'cache.example.internal', port: 6379 },
    hosts: null,
    signals: {},
    metrics: { path: '/metrics', series: {} },
    readback: {
      users: { path: '/users/{key}', label: 'User Data' },
      transactions: { path: '/orders/{key}', label: 'Transactions' },
    },
    backup: null,
    logs: [],
    rtoSeconds: {},
    rpoSeconds: { users: 900, transactions: 300, sessions: 60 },
    safety: safetySchema.parse({}),
    ...changes,
  };
}
