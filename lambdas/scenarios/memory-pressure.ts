import { phaseSeconds, type Scenario } from './scenario.ts';

export const memoryPressure: Scenario = {
  id: 'memory-pressure',
  title: 'Memory Pressure',
  shortTitle: 'Memory Pressure',
  hypothesis: 'With 80 % of the available memory taken the application keeps serving.',
  trigger: 'Consume 80% of available memory',
  recovery: 'Release memory',
  fault: { id: 'memory-pressure', parameters: { percent: 80, workers: 2 } },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(180, 20, null),
  columns: ['Before', 'During Pressure', 'After Recovery'],
  metrics: [
    { id: 'memory-usage', label: 'Memory Usage' },
    { id: 'swap-usage', label: 'Swap Usage' },
    { id: 'response-time', label: 'Response Time' },
    { id: 'error-rate', label: 'Error Rate' },
  ],
  behaviours: [
    { id: 'oom-killer', label: 'OOM Killer', expected: 'ends nothing of the application', required: true },
    { id: 'process-crashes', label: 'Process Crashes', expected: 'none: the same process throughout', required: true },
    { id: 'swap-thrashing', label: 'Swap Thrashing', expected: 'none', required: false },
    { id: 'recovery', label: 'Recovery', expected: 'steady state returns by itself', required: true },
  ],
  targets: { rtoSeconds: null },
  rtoRow: null,
};
