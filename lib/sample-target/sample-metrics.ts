import type { AppMetric } from '../../lambdas/evidence/sample.ts';

/** Which of the sample application's Prometheus series is which signal. */
export const sampleMetrics: Record<AppMetric, string> = {
  poolSize: 'app_pool_size',
  poolInUse: 'app_pool_in_use',
  poolWaiting: 'app_pool_waiting',
  queueLength: 'app_queue_length',
  queueLimit: 'app_queue_limit',
  cacheHits: 'app_cache_hits_total',
  cacheMisses: 'app_cache_misses_total',
  cacheErrors: 'app_cache_errors_total',
  requests: 'app_requests_total',
  shed: 'app_shed_total',
  requestTimeouts: 'app_request_timeouts_total',
  databaseQueries: 'app_database_queries_total',
  databaseRetries: 'app_database_retries_total',
  databaseReconnects: 'app_database_reconnects_total',
  breakerState: 'app_breaker_state',
  rateLimitAllowed: 'app_rate_limit_allowed_total',
  rateLimitDenied: 'app_rate_limit_denied_total',
  rateLimitFallback: 'app_rate_limit_fallback_total',
  processStart: 'process_start_time_seconds',
};
