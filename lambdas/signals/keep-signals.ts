import { phasesOf } from '../analysis/phases.ts';
import { inOneLine } from '../aws/one-line.ts';
import type { AppMetric } from '../evidence/sample.ts';
import { runPrefix } from '../finish/analyse-run.ts';
import type { RunContext } from '../runs/run-context.ts';
import type { CloudWatchMetric } from './cloudwatch-metric.ts';
import { type KeptSignal, signalsFileName } from './kept-signals.ts';
import type { MetricsClient } from './metrics.client.ts';

/** After the end of its period: agents send once a minute at most, and CloudWatch takes some seconds. */
const deliverySeconds = 20;

/**
 * Keeps what CloudWatch has of the target's signals in the run's time with its evidence. A metric that cannot be read,
 * or has nothing, is told of and keeps no other from being kept.
 */
export async function keepSignals(
  context: RunContext,
  metrics: Pick<MetricsClient, 'between'>,
): Promise<{ points: number }> {
  const { run, runs, scenario, evidence, clock, io } = context;
  const wanted = Object.entries(io.target.signals) as [AppMetric, CloudWatchMetric][];
  if (run.verdict !== null || wanted.length === 0) return { points: 0 };
  const { baseline, loadEnd } = phasesOf(run, await runs.events(run.runId), scenario.fault);
  const span = baseline && { from: baseline.start, to: loadEnd ?? clock.now() };
  if (span) {
    const longest = Math.max(...wanted.map(([, { periodSeconds }]) => periodSeconds)) + deliverySeconds;
    await clock.sleep(Math.min(span.to + longest - clock.now(), longest));
  }
  const kept = await Promise.all(
    wanted.map(async ([signal, metric]): Promise<KeptSignal> => {
      const nothing = (problem: string) => ({ signal, metric, problem, points: [] });
      if (!span) return nothing('the run did not come to its baseline');
      try {
        const points = await metrics.between(signal, metric, span.from, span.to);
        const { namespace, name } = metric;
        return points.length > 0
          ? { signal, metric, problem: null, points }
          : nothing(`CloudWatch has no value of ${namespace} ${name} in the run's time`);
      } catch (error) {
        return nothing(inOneLine(`${(error as Error).name}: ${(error as Error).message}`));
      }
    }),
  );
  await evidence.put(runPrefix(run.runId) + signalsFileName, JSON.stringify(kept));
  return { points: kept.reduce((sum, { points }) => sum + points.length, 0) };
}
