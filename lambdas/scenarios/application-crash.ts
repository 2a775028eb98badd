import { phaseSeconds, type Scenario } from './scenario.ts';

export const applicationCrash: Scenario = {
  id: 'application-crash',
  title: 'Application Crash',
  shortTitle: 'Application Crash',
  hypothesis: 'A killed application process is restarted by its supervisor and serves again within its RTO.',
  trigger: 'Kill the application process (SIGKILL)',
  recovery: 'Restart by its supervisor',
  fault: { id: 'process-kill', parameters: {} },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(15, 15, 120),
  columns: ['Before Crash', 'During Crash', 'After Recovery'],
  metrics: [
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'throughput', label: 'Requests/sec' },
    { id: 'recovery-time', label: 'Recovery Time' },
  ],
  behaviours: [
    {
      id: 'supervisor-restart',
      label: 'Supervisor Restart',
      expected: 'a new process takes its place and serves',
      required: true,
    },
    {
      id: 'lost-requests',
      label: 'Lost Requests',
      expected: 'only those in flight at the kill, and no acknowledged write',
      required: false,
    },
  ],
  targets: { rtoSeconds: 120 },
  rtoRow: 'Application Crash',
};
