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
  'timeout-handling': 'Limit every request and every call to a dependency, below the time after which clients give up.',
  'circuit-breaker':
    'Open a circuit where calls fail, not where they are slow but succeed, and try again after a moment.',
  'retry-logic': 'Retry what is safe to repeat, with back-off and jitter, within a tenth of the requests.',
  'user-feedback': 'Answer within 10 s, if only with a 503 that says when to try again.',
  'request-timeout-30s': 'End every request at the limit of 30 s, and the statement behind it with it.',
  'connection-release':
    'Give every statement a limit on the server, so that a connection is returned when nobody waits for it any more.',
  'queue-buildup': 'Bound the queue in front of the pool and refuse with 503 what does not fit.',
  recovery: 'Find out what keeps the system from its steady state, or what ended its process, once the fault is gone.',
  'oom-killer':
    'Give the application a memory limit of its own, and a lower OOM score than what can be spared on the same host.',
  'process-crashes': 'Find out what ended the process, and keep memory in reserve for it.',
  'swap-thrashing': 'Keep the working set in memory: more of it, less swap, or a memory limit for the neighbours.',
  'request-queuing': 'Shed load before everybody waits: limit how many requests are worked on at once.',
  'worker-starvation': 'Reserve CPU for the application (CPU shares, a limit for its neighbours), or add a core.',
  'timeout-errors': 'Refuse early what cannot be finished in time, instead of letting it run out of time.',
  'supervisor-restart': 'Run the application under a supervisor that always restarts it, and watch its health.',
  'lost-requests':
    'Run a second instance behind a load balancer, and let clients repeat what is safe to repeat when a connection breaks.',
};

/** What to do about a row that does not come back to where it was. */
export const rowAdvice: Readonly<Record<string, string>> = {
  'error-rate': 'Find out which requests still fail after the recovery, and why.',
  'response-time':
    'Find out what still slows the requests down after the recovery: queues, cold caches, lost connections.',
  throughput: 'Find out what limits the throughput after the recovery.',
  'database-load':
    'Keep the number of database connections below what the database allows: fewer per instance, or a proxy.',
  'cache-hit-rate': 'Warm the cache after an outage, or let it persist what it holds.',
  'cpu-usage': 'Find out what still takes the CPU after the fault is gone.',
  'memory-usage': 'Find out what still holds the memory after the fault is gone: caches that never shrink, leaks.',
  'swap-usage': 'Stop the swapping that outlasts the fault: restart what was swapped out, or add memory.',
  'timeout-errors': 'Find out which requests still run out of time after the recovery.',
  'request-timeout': 'Find out which statements still reach the limit after the recovery.',
  'user-experience': 'Bring the response times back below the Apdex threshold after the recovery.',
  'connection-pool': 'Find out which connections are not returned after the fault is gone.',
  'queue-length': 'Find out why the queue does not drain once the fault is gone.',
};
