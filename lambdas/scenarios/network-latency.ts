import { phaseSeconds, type Scenario } from './scenario.ts';

export const networkLatency: Scenario = {
  id: 'network-latency',
  title: 'Network Latency Spike',
  shortTitle: 'Network Latency',
  hypothesis: 'With 500 ms more on every packet the application slows down but does not fail.',
  trigger: 'Add 500ms network latency',
  recovery: 'Remove latency',
  fault: null,
  status: 'planned',
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
      expected: 'slow calls end at their time-out, not later',
      required: false,
    },
    {
      id: 'circuit-breaker',
      label: 'Circuit Breaker',
      expected: 'opens only where calls really fail',
      required: false,
    },
    { id: 'retry-logic', label: 'Retry Logic', expected: 'retries stay bounded', required: false },
    {
      id: 'user-feedback',
      label: 'User Feedback',
      expected: 'failures say what happened and when to retry',
      required: false,
    },
  ],
  targets: { rtoSeconds: 300 },
  rtoRow: 'Network Issue',
};
