import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { ScenarioResult } from '../report/report.schema.ts';

/**
 * The run's headline figures as CloudWatch metrics. Dimensions are few and bounded: never a run's id. What was not
 * measured is no metric, and a run without a conclusion neither passed nor failed.
 */
export function metricsOf(result: ScenarioResult, targetId: string): MetricDatum[] {
  const figures: [name: string, value: number | null | undefined, unit: MetricDatum['Unit']][] = [
    ['Passed', conclusive.includes(result.verdict) ? Number(result.verdict === 'PASS') : null, 'Count'],
    ['ResilienceScore', result.score?.overall, 'None'],
    ['RecoveryTime', result.rto?.seconds, 'Seconds'],
    ['LostWrites', lostWrites(result), 'Count'],
  ];
  const Dimensions = [
    { Name: 'Target', Value: targetId },
    { Name: 'Scenario', Value: result.id },
  ];
  return figures.flatMap(([MetricName, Value, Unit]) =>
    typeof Value === 'number' ? [{ MetricName, Value, Unit, Dimensions }] : [],
  );
}

const conclusive: readonly ScenarioResult['verdict'][] = ['PASS', 'FAIL'];

/** Null where no class of data could be read back. */
function lostWrites({ rpo }: ScenarioResult): number | null {
  const measured = rpo.filter((r) => r.seconds !== null);
  return measured.length > 0 ? measured.reduce((sum, r) => sum + r.lost, 0) : null;
}

export const metricNamespace = 'Faultline';

/** What people are told of a run, in a line and a few facts. */
export function notificationOf(result: ScenarioResult): { subject: string; message: string } {
  const facts = {
    runId: result.runId,
    scenario: result.id,
    verdict: result.verdict,
    reason: result.reason ?? null,
    rto: result.rto?.text ?? result.rtoReason,
    lostWrites: lostWrites(result),
    score: result.score?.overall ?? null,
  };
  return {
    subject: `Faultline: ${result.id} ${result.verdict}`.slice(0, 100),
    message: JSON.stringify(facts, null, 2),
  };
}
