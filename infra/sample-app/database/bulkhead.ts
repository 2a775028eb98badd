/** The queue is full. */
export class BulkheadFull extends Error {
  override name = 'BulkheadFull';
}

/**
 * As many callers at once as there are slots, and a bounded queue behind them. Who gives up leaves the queue at that
 * moment (in cockatiel's bulkhead he stays until it is his turn): requests that nobody waits for must not keep out others.
 */
export class Bulkhead {
  private free: number;
  private readonly queueLimit: number;
  /** In the order in which they came. */
  private readonly queue = new Set<() => void>();

  constructor(slots: number, queueLimit: number) {
    this.free = slots;
    this.queueLimit = queueLimit;
  }

  get queueLength(): number {
    return this.queue.size;
  }

  /** @throws BulkheadFull, or the signal's reason when that aborts before `work` has begun */
  async execute<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.free > 0) this.free--;
    else await this.turn(signal);
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private turn(signal?: AbortSignal): Promise<void> {
    if (this.queue.size >= this.queueLimit) throw new BulkheadFull();
    return new Promise((resolve, reject) => {
      const proceed = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        this.queue.delete(proceed);
        reject(signal?.reason);
      };
      this.queue.add(proceed);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The slot goes to the next in the queue. */
  private leave(): void {
    const next = this.queue.values().next().value;
    if (!next) {
      this.free++;
      return;
    }
    this.queue.delete(next);
    next();
  }
}
