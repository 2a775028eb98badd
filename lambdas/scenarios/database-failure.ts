import { phaseSeconds, type Scenario } from './scenario.ts';

export const databaseFailure: Scenario = {
  id: 'database-failure',
  title: 'Database Connection Failure',
  shortTitle: 'Database Failure',
  hypothesis:
    'When the database is gone the application says so at once, sheds load, keeps what it acknowledged and returns to steady state by itself.',
  trigger: 'Stop PostgreSQL service',
  recovery: 'Restart PostgreSQL',
  fault: { id: 'ecs-service-stop', parameters: { service: 'database' } },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(120, 20, 300),
  columns: ['Before Failure', 'During Failure', 'After Recovery'],
  metrics: [
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'throughput', label: 'Requests/sec' },
    { id: 'recovery-time', label: 'Recovery Time' },
  ],
  behaviours: [
    {
      id: 'health-503',
      label: 'Health Check Response',
      expected: 'returns 503 while the database is down',
      required: true,
    },
    {
      id: 'error-messages',
      label: 'Error Messages',
      expected: 'failures are quick, well-formed 503 responses that say when to retry',
      required: false,
    },
    {
      id: 'connection-pool',
      label: 'Connection Pool Behavior',
      expected: 'the pool and its queue stay bounded and drain afterwards',
      required: false,
    },
    {
      id: 'automatic-retry',
      label: 'Automatic Retry',
      expected: 'the application reconnects and recovers without a restart',
      required: true,
    },
    {
      id: 'graceful-degradation',
      label: 'Graceful Degradation',
      expected: 'requests that do not need the database are still served',
      required: false,
    },
  ],
  targets: { rtoSeconds: 300 },
  rtoRow: 'Database Failure',
};
