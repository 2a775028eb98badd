import { phaseSeconds, type Scenario } from './scenario.ts';

export const control: Scenario = {
  id: 'control',
  title: 'Control (no fault)',
  shortTitle: 'Control',
  hypothesis: 'With no fault injected, every metric stays in its steady-state band and nothing is reported.',
  trigger: 'None',
  recovery: 'None',
  fault: null,
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(120, 15, null),
  columns: ['Before', 'During', 'After'],
  metrics: [
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'throughput', label: 'Requests/sec' },
  ],
  behaviours: [
    { id: 'health-stays-up', label: 'Health Check Response', expected: 'stays 200 throughout', required: true },
    { id: 'no-deviation', label: 'Steady State', expected: 'no metric leaves its band', required: true },
  ],
  targets: { rtoSeconds: null },
  rtoRow: null,
};
