import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { manifestName, sha256 } from '../bundle/manifest.ts';
import { alarmMetricNames, resultMetricNames as names } from '../dashboards/metric-names.ts';
import { type ScenarioResult, scenarioResultSchema } from '../report/report.schema.ts';
import { isConclusive } from '../runs/run.ts';
import type { RunContext } from '../runs/run-context.ts';
import { resultKey, runPrefix } from './analyse-run.ts';

/** Publishes a run's result, and not again when the step is repeated after it has succeeded. */
export async function publishOnce(
  { run, runs, evidence, clock }: Pick<RunContext, 'run' | 'runs' | 'evidence' | 'clock'>,
  publish: (result: ScenarioResult, manifestSha256: string) => Promise<void>,
): Promise<void> {
  if (await runs.isMarked(run.runId, 'published')) return;
  const text = await evidence.get(resultKey(run.runId));
  if (text === null) throw new Error(`run ${run.runId} has no result to publish`);
  const manifest = await evidence.get(runPrefix(run.runId) + manifestName);
  if (manifest === null) throw new Error(`run ${run.runId} has no manifest of its evidence`);
  await publish(scenarioResultSchema.parse(JSON.parse(text)), sha256(manifest));
  await runs.mark(run.runId, 'published', clock.now());
}

/**
 * The run's headline figures as CloudWatch metrics. Dimensions are few and bounded: never a run's id. What was not
 * measured is no metric, and a run without a conclusion neither passed nor failed.
 */
export function metricsOf(result: ScenarioResult, targetId: string): MetricDatum[] {
  const { rto } = result;
  const point = worstRpo(result);
  const figures: [name: string, value: number | null | undefined, unit: MetricDatum['Unit']][] = [
    [names.passed, isConclusive(result) ? Number(result.verdict === 'PASS') : null, 'Count'],
    [names.score, result.score?.overall, 'None'],
    [names.recoveryTime, rto?.seconds, 'Seconds'],
    [names.recoveryTimeShare, share(rto?.seconds, rto?.targetSeconds), 'Percent'],
    [names.recoveryPoint, point?.seconds, 'Seconds'],
    [names.recoveryPointShare, share(point?.seconds, point?.targetSeconds), 'Percent'],
    [names.lostWrites, lostWrites(result), 'Count'],
  ];
  const Dimensions = [
    { Name: 'Target', Value: targetId },
    { Name: 'Scenario', Value: result.id },
  ];
  return [
    ...figures.flatMap(([MetricName, Value, Unit]) =>
      typeof Value === 'number' ? [{ MetricName, Value, Unit, Dimensions }] : [],
    ),
    // Of all targets and scenarios: what the alarm stands on.
    ...(isConclusive(result)
      ? [{ MetricName: alarmMetricNames.missedTargets, Value: missedTargets(result), Unit: 'Count' as const }]
      : []),
  ];
}

/** Of its target, in percent; null without either. */
const share = (seconds: number | null | undefined, target: number | null | undefined) =>
  typeof seconds === 'number' && target ? (100 * seconds) / target : null;

/** The class of data that comes closest to its target, or is furthest beyond it. */
function worstRpo({ rpo }: ScenarioResult): ScenarioResult['rpo'][number] | null {
  const measured = rpo.filter((r) => r.seconds !== null);
  const of = (r: (typeof measured)[number]) => r.seconds! / r.targetSeconds;
  return measured.reduce<(typeof measured)[number] | null>((a, b) => (a && of(a) >= of(b) ? a : b), null);
}

const missedTargets = ({ rto, rpo }: ScenarioResult): number =>
  [rto, ...rpo].filter((objective) => objective?.met === false).length;

/** Null where no class of data could be read back. */
function lostWrites({ rpo }: ScenarioResult): number | null {
  const measured = rpo.filter((r) => r.seconds !== null);
  return measured.length > 0 ? measured.reduce((sum, r) => sum + r.lost, 0) : null;
}
