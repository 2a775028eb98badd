import { createConnection } from 'node:net';

const everyMs = 20;

/** Connects to a port every 20 ms and remembers whether it could: the plain truth about an outage. */
export class TcpProbe {
  private readonly seen: { at: number; served: boolean }[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(port: number) {
    this.timer = setInterval(() => this.probe(port), everyMs);
  }

  /** When a connection was served first at this moment or later. Epoch seconds. @throws Error when none was */
  servedFrom(moment: number): number {
    const first = this.seen.filter((p) => p.served && p.at >= moment).reduce((a, p) => Math.min(a, p.at), Infinity);
    if (first === Infinity) throw new Error('no connection was served after the outage');
    return first;
  }

  /** The longest time between two looks in [from, to]: what the truth itself may be wrong by. Seconds. */
  widestGap(from: number, to: number): number {
    const times = this.seen.map((p) => p.at).filter((at) => at >= from && at <= to);
    return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private probe(port: number): void {
    const at = Date.now() / 1000;
    const socket = createConnection({ port, host: '127.0.0.1' });
    const over = (served: boolean) => {
      this.seen.push({ at, served });
      // Thousands of them would otherwise wait for their time-out in the kernel.
      socket.resetAndDestroy();
    };
    socket.once('connect', () => over(true));
    socket.once('error', () => over(false));
  }
}
