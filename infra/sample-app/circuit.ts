import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
} from 'cockatiel';

export interface CircuitOptions {
  /** Failures in a row that open the circuit. */
  threshold: number;
  halfOpenAfterMs: number;
  isFailure(error: unknown): boolean;
  onChange?(state: CircuitState): void;
}

/**
 * A circuit breaker that never makes anyone wait. While half open, cockatiel's own lets callers wait for the probe's
 * outcome, which takes a connect time-out when the other side is still gone; here they are refused at once.
 */
export class Circuit {
  private readonly breaker: CircuitBreakerPolicy;

  constructor(options: CircuitOptions) {
    this.breaker = circuitBreaker(handleWhen(options.isFailure), {
      halfOpenAfter: options.halfOpenAfterMs,
      breaker: new ConsecutiveBreaker(options.threshold),
    });
    if (options.onChange) this.breaker.onStateChange(options.onChange);
  }

  get state(): CircuitState {
    return this.breaker.state;
  }

  /**
   * @param call gets `stillAllowed`, to be asked again after any wait: work that was queued before the circuit opened
   *   would only fail, slowly.
   * @throws BrokenCircuitError when the call is refused
   */
  async execute<T>(call: (stillAllowed: () => boolean) => Promise<T>): Promise<T> {
    if (this.breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
    return this.breaker.execute(() => {
      const isProbe = this.breaker.state === CircuitState.HalfOpen;
      return call(() => isProbe || this.breaker.state === CircuitState.Closed);
    });
  }
}

/** Prometheus value of a circuit's state: 0 closed, 1 half open, 2 open. */
export function stateValue(state: CircuitState): number {
  if (state === CircuitState.Closed) return 0;
  return state === CircuitState.HalfOpen ? 1 : 2;
}
