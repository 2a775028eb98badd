/**
 * What Faultline publishes to CloudWatch. Dimensions are few and bounded: a target, or a target and a scenario; never
 * a run's id. `namespace` and names are what dashboards and alarms look for.
 */
export const metricNamespace = 'Faultline';

/** While a run's load lasts, once a second, by target. A target has one run at a time. */
export const liveMetricNames = {
  requestRate: 'RequestRate',
  errorRate: 'ErrorRate',
  p50: 'ResponseTimeP50',
  p95: 'ResponseTimeP95',
  p99: 'ResponseTimeP99',
  users: 'Users',
  healthy: 'Healthy',
  poolInUse: 'PoolInUse',
  poolWaiting: 'PoolWaiting',
  queueLength: 'QueueLength',
  cacheHitRate: 'CacheHitRate',
  hostCpu: 'HostCpu',
  hostMemory: 'HostMemory',
  phase: 'Phase',
} as const;

/** When a run has ended, by target and scenario. */
export const resultMetricNames = {
  passed: 'Passed',
  score: 'ResilienceScore',
  recoveryTime: 'RecoveryTime',
  recoveryTimeShare: 'RecoveryTimeOfTarget',
  recoveryPoint: 'RecoveryPoint',
  recoveryPointShare: 'RecoveryPointOfTarget',
  lostWrites: 'LostWrites',
} as const;

/** Without a dimension: of everything that Faultline looks after. Alarms stand on these. */
export const alarmMetricNames = {
  /** Targets of RTO and RPO that a conclusive run has missed. */
  missedTargets: 'MissedTargets',
  /** Faults that are not proven to be gone, and that no run takes care of. */
  openFaults: 'OpenFaults',
} as const;

/** Of the dashboards that show them: a run while it goes on, and what runs came to. */
export const dashboardNames = { live: 'Faultline-Live', scorecard: 'Faultline' } as const;
