import { phaseSeconds, type Scenario } from './scenario.ts';

export const networkLatency: Scenario = {
  id: 'network-latency',
  title: 'Network Latency Spike',
  shortTitle: 'Network Latency',
  hypothesis: 'With 500 ms more on every packet the application slows down but does not fail.',
  trigger: 'Add 500ms network latency',
  recovery: 'Remove latency',
  fault: { id: 'network-latency', parameters: { delayMs: 500 } },
  status: 'available',
  load: { users: 100, spawnRate: 10 },
  seconds: phaseSeconds(180, 20, 300),
  columns: ['Before Latency', 'During Latency', 'After Recovery'],
  metrics: [
    { id: 'response-time', label: 'Response Time' },
    { id: 'timeout-errors', label: 'Timeout Errors' },
    { id: 'error-rate', label: 'Error Rate' },
    { id: 'user-experience', label: 'User Experience' },
  ],
  behaviours: [
    {
      id: 'timeout-handling',
      label: 'Timeout Handling',
      expected: 'every request ends at its limit at the latest, and nobody has to give up on it',
      required: true,
    },
    {
      id: 'circuit-breaker',
      label: 'Circuit Breaker',
      expected: 'closed while calls succeed, open while they fail, closed again afterwards',
      required: false,
    },
    {
      id: 'retry-logic',
      label: 'Retry Logic',
      expected: 'retries stay within a tenth of the requests',
      required: false,
    },
    {
      id: 'user-feedback',
      label: 'User Feedback',
      expected: 'users are answered within 10 s, or told when to try again',
      required: false,
    },
  ],
  targets: { rtoSeconds: 300 },
  rtoRow: 'Network Issue',
};
