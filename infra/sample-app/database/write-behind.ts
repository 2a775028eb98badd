import { TimeoutStrategy, timeout } from 'cockatiel';
import type { Inserted, Repository } from './repository.ts';

const writeLimitMs = 1000;

/**
 * FRAGILE ackBeforeDurable: a repository that acknowledges a write before it is durable and writes it a moment later.
 * It has the three classical bugs of a home-made write-behind buffer: the buffer is emptied before the outcome of the
 * write is known, a write that fails or takes longer than a second is only logged, and a full buffer drops its oldest
 * entries.
 */
export class WriteBehind<Row extends { id: string }> implements Repository<Row> {
  private readonly durable: Repository<Row>;
  private readonly onLost: (rows: number) => void;
  private readonly capacity: number;
  private buffer: Row[] = [];
  private flushing: Row[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(durable: Repository<Row>, onLost: (rows: number) => void, capacity = 50) {
    this.durable = durable;
    this.onLost = onLost;
    this.capacity = capacity;
  }

  async insert(row: Row): Promise<Inserted> {
    this.buffer.push(row);
    if (this.buffer.length > this.capacity) {
      this.buffer.shift();
      this.onLost(1);
    }
    this.schedule();
    return 'created';
  }

  async find(id: string, signal?: AbortSignal): Promise<Row | null> {
    return [...this.buffer, ...this.flushing].find((row) => row.id === id) ?? this.durable.find(id, signal);
  }

  /** Writes what is buffered now. */
  async flush(): Promise<void> {
    this.flushing = this.buffer;
    this.buffer = [];
    const outcomes = await Promise.allSettled(this.flushing.map((row) => this.write(row)));
    this.flushing = [];
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected').length;
    if (lost > 0) this.onLost(lost);
  }

  private write(row: Row): Promise<Inserted> {
    return timeout(writeLimitMs, TimeoutStrategy.Aggressive).execute(({ signal }) => this.durable.insert(row, signal));
  }

  private schedule(): void {
    this.timer ??= setTimeout(async () => {
      await this.flush();
      this.timer = null;
      if (this.buffer.length > 0) this.schedule();
    }, 50);
  }
}
