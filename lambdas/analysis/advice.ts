/** What to do about a behaviour that was not observed: one sentence each, said only when the evidence calls for it. */
export const advice: Readonly<Record<string, string>> = {
  'health-503':
    'Let the health check answer 503 while the database cannot be reached, so that load balancers and operators see it.',
  'health-stays-up': 'Find out why the health check fails without any fault before testing with one.',
  'no-deviation': 'Find out why the system leaves its steady state without any fault, or measure a longer baseline.',
  'error-messages':
    'Answer failures at once with 503, a Retry-After header and a body without internals, instead of time-outs and raw errors.',
  'connection-pool': 'Bound the connection pool and its queue, and shed what does not fit.',
  'automatic-retry': 'Reconnect with back-off, so that the application recovers without a restart.',
  'graceful-degradation': 'Keep serving what does not need the failed dependency.',
  'fail-open-caching': 'Treat a cache failure as a miss, with a short time-out on each cache call.',
  'database-fallback': 'Read from the database when the cache does not answer.',
  'rate-limiting': 'Let the rate limiter decide locally when its store is away, and count these decisions.',
  'session-storage': 'Keep sessions in durable storage, with the cache only in front of it.',
  'performance-impact':
    'Make room for the load that arrives without the cache: time-outs, indexes, or a second cache tier.',
};
