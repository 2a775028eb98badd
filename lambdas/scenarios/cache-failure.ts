import { phaseSeconds, type Scenario } from './scenario.ts';

export const cacheFailure: Scenario = {
  id: 'cache-failure',
  title: 'Cache (Redis) Failure',
  shortTitle: 'Cache Failure',
  hypothesis: 'When the cache is gone the application serves every request from the database, only slower.',
  trigger: 'Stop Redis service',
  recovery: 'Restart Redis',
  fault: { id: 'ecs-service-stop', parameters: { service: 'cache' } },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(120, 20, 60),
  columns: ['Before Failure', 'During Failure', 'After Recovery'],
  metrics: [
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'database-load', label: 'Database Load' },
    { id: 'cache-hit-rate', label: 'Cache Hit Rate' },
  ],
  behaviours: [
    {
      id: 'fail-open-caching',
      label: 'Fail-Open Caching',
      expected: 'requests succeed with the cache bypassed',
      required: true,
    },
    {
      id: 'database-fallback',
      label: 'Database Fallback',
      expected: 'reads go to the database instead',
      required: true,
    },
    {
      id: 'rate-limiting',
      label: 'Rate Limiting',
      expected: 'requests are still admitted, and the limiter says how it decides',
      required: false,
    },
    { id: 'session-storage', label: 'Session Storage', expected: 'existing sessions stay valid', required: true },
    {
      id: 'performance-impact',
      label: 'Performance Impact',
      expected: 'p95 stays within twice its baseline',
      required: false,
    },
  ],
  targets: { rtoSeconds: 60 },
  rtoRow: 'Cache Failure',
};
