import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { hostSampleSchema } from '../evidence/host-sample.ts';
import { phaseNames } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { liveMetrics, phaseMetric } from './live-metrics.ts';
import type { WatchedPhase } from './watch.ts';

export interface LiveOutlet {
  put(data: MetricDatum[]): Promise<void>;
  /** What became of a try that failed; the run goes on without it. */
  failed(error: unknown): void;
}

type Watching = Pick<RunContext, 'run' | 'runs' | 'evidence' | 'clock'>;

/** Seconds between two calls: a call has 14 metrics for each of its seconds. */
const interval = 5;
/** What a slice looks back to when it begins: between two slices nobody publishes. */
const lookBack = 60;
/** A host uploads ten seconds at a time; these reach back as far. */
const hostSlices = 7;
/** Of CloudWatch, for one call. */
const mostData = 1000;

/**
 * Publishes what is seen of a run while it is watched. It never makes the watch wait: one call at a time is under way, and
 * one that fails is told and not repeated. A second may be published twice, which changes no average.
 */
export class LivePublisher {
  private readonly context: Watching;
  private readonly phase: WatchedPhase;
  private readonly outlet: LiveOutlet;
  private since: number;
  private nextAt = 0;
  private pending: Promise<void> | null = null;

  constructor(context: Watching, phase: WatchedPhase, outlet: LiveOutlet) {
    this.context = context;
    this.phase = phase;
    this.outlet = outlet;
    this.since = Math.floor(context.clock.now()) - lookBack;
  }

  /** To be called about once a second. */
  tick(): void {
    const now = this.context.clock.now();
    if (this.pending || now < this.nextAt) return;
    this.nextAt = now + interval;
    this.pending = this.publish(now)
      .catch((error) => this.outlet.failed(error))
      .finally(() => {
        this.pending = null;
      });
  }

  /** What is under way, which the caller may not cut off. */
  async end(): Promise<void> {
    await this.pending;
  }

  private async publish(now: number): Promise<void> {
    const { runs, run } = this.context;
    // The latest second may still grow.
    const until = Math.floor(now) - 1;
    const [windows, samples, hosts] = await Promise.all([
      runs.windows(run.runId, this.since),
      // One more, from which the counters of the first one rise.
      runs.samples(run.runId, this.since - 1),
      this.hosts(),
    ]);
    const data = [
      phaseMetric(run.targetId, now, phaseNames.indexOf(this.phase)),
      ...liveMetrics(run.targetId, {
        windows: windows.filter((w) => w.t < until),
        samples: samples.filter((s) => s.t < until),
        hosts,
      }),
    ];
    this.since = Math.max(this.since, until);
    for (let i = 0; i < data.length; i += mostData) await this.outlet.put(data.slice(i, i + mostData));
  }

  private async hosts() {
    const { evidence, run } = this.context;
    const since = this.since - 2 * interval;
    const keys = await Promise.all(
      run.hosts.map(({ instanceId }) => evidence.keys(`runs/${run.runId}/hosts/${instanceId}/`)),
    );
    const latest = keys.flatMap((own) => own.sort().slice(-hostSlices));
    const texts = await Promise.all(latest.map((key) => evidence.get(key)));
    return texts
      .flatMap((text) => (text ?? '').split('\n').filter(Boolean))
      .map((line) => hostSampleSchema.parse(JSON.parse(line)))
      .filter(({ at }) => at >= since);
  }
}
