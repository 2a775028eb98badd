import { phaseSeconds, type Scenario } from './scenario.ts';

export const cpuSaturation: Scenario = {
  id: 'cpu-saturation',
  title: 'CPU Saturation',
  shortTitle: 'CPU Saturation',
  hypothesis: 'With 90 % of the CPU taken the application slows down but does not fail.',
  trigger: 'Consume 90% CPU',
  recovery: 'Stop CPU load',
  fault: { id: 'cpu-saturation', parameters: { workers: 0, loadPercent: 90 } },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(180, 20, null),
  columns: ['Before', 'During Saturation', 'After Recovery'],
  metrics: [
    { id: 'cpu-usage', label: 'CPU Usage' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'throughput', label: 'Throughput' },
    { id: 'error-rate', label: 'Error Rate' },
  ],
  behaviours: [
    {
      id: 'request-queuing',
      label: 'Request Queuing',
      expected: 'bounded: never most of the users at once',
      required: false,
    },
    {
      id: 'worker-starvation',
      label: 'Worker Starvation',
      expected: 'none: every second serves somebody',
      required: false,
    },
    { id: 'timeout-errors', label: 'Timeout Errors', expected: 'none', required: false },
    { id: 'recovery', label: 'Recovery', expected: 'steady state returns by itself', required: true },
  ],
  targets: { rtoSeconds: null },
  rtoRow: null,
};
