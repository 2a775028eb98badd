import { phaseSeconds, type Scenario } from './scenario.ts';

export const slowQuery: Scenario = {
  id: 'slow-query',
  title: 'Slow Query Scenario',
  shortTitle: 'Slow Queries',
  hypothesis:
    'Blocking queries fill the pool; requests end at the request limit and the pool drains when the queries are ended.',
  trigger: 'Execute slow queries (10+ seconds)',
  recovery: 'Kill slow queries',
  fault: null,
  status: 'planned',
  load: { users: 50, spawnRate: 5 },
  seconds: phaseSeconds(300, 45, null),
  columns: ['Before', 'During Slow Query', 'After Termination'],
  metrics: [
    { id: 'connection-pool', label: 'Connection Pool' },
    { id: 'request-timeout', label: 'Request Timeout' },
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'queue-length', label: 'Queue Length' },
  ],
  behaviours: [
    {
      id: 'request-timeout-30s',
      label: 'Request Timeout',
      expected: 'requests that wait are ended at the limit of 30 s',
      required: false,
    },
    {
      id: 'connection-release',
      label: 'Connection Release',
      expected: 'connections return to the pool afterwards',
      required: false,
    },
    {
      id: 'queue-buildup',
      label: 'Queue Buildup',
      expected: 'the queue is bounded, refuses what does not fit, and drains',
      required: false,
    },
    { id: 'recovery', label: 'Recovery', expected: 'steady state returns by itself', required: false },
  ],
  targets: { rtoSeconds: null },
  rtoRow: null,
};
