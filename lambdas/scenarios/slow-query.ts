import { phaseSeconds, type Scenario } from './scenario.ts';

export const slowQuery: Scenario = {
  id: 'slow-query',
  title: 'Slow Query Scenario',
  shortTitle: 'Slow Queries',
  hypothesis:
    'Blocking queries fill the pool; requests end at the request limit and the pool drains when the queries are ended.',
  trigger: 'Execute slow queries (10+ seconds)',
  recovery: 'Kill slow queries',
  notes: [
    'The document executes "SELECT pg_sleep(10), * FROM stories, users, whispers". A SELECT locks no reader and no ' +
      'writer out: it makes one query slow, its own, and nobody else waits for it.',
    'Run instead, by sessions that queue for it and follow one another until they are ended: "BEGIN; LOCK TABLE ' +
      'stories, users, whispers IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(10); COMMIT" (the tables are those that the ' +
      "target's configuration names).",
    'The document ends every query that runs for more than 5 s, and with it requests of the application. Ended here by ' +
      'pg_terminate_backend are exactly the sessions that bear the name of the run.',
  ],
  // Five in the queue are ahead of the application's statements for 50 s, which is more than its limit of a request.
  fault: { id: 'slow-query', parameters: { sessions: 5, holdSeconds: 10 } },
  status: 'available',
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
      required: true,
    },
    {
      id: 'connection-release',
      label: 'Connection Release',
      expected: 'connections return to the pool afterwards',
      required: true,
    },
    {
      id: 'queue-buildup',
      label: 'Queue Buildup',
      expected: 'the queue is bounded, refuses what does not fit, and drains',
      required: false,
    },
    { id: 'recovery', label: 'Recovery', expected: 'steady state returns by itself', required: true },
  ],
  targets: { rtoSeconds: null },
  rtoRow: null,
};
