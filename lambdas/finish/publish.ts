import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { ScenarioResult } from '../report/report.schema.ts';

/** The run's headline figures as CloudWatch metrics. Dimensions are few and bounded: never a run's id. */
export function metricsOf(result: ScenarioResult, targetId: string): MetricDatum[] {
  const figures: [name: string, value: number | null | undefined, unit: MetricDatum['Unit']][] = [
    ['Passed', result.verdict === 'PASS' ? 1 : 0, 'Count'],
    ['ResilienceScore', result.score?.overall, 'None'],
    ['RecoveryTime', result.rto?.seconds, 'Seconds'],
    ['LostWrites', result.rpo.reduce((sum, r) => sum + r.lost, 0), 'Count'],
  ];
  const Dimensions = [
    { Name: 'Target', Value: targetId },
    { Name: 'Scenario', Value: result.id },
  ];
  return figures.flatMap(([MetricName, Value, Unit]) =>
    typeof Value === 'number' ? [{ MetricName, Value, Unit, Dimensions }] : [],
  );
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
    lostWrites: result.rpo.reduce((sum, r) => sum + r.lost, 0),
    score: result.score?.overall ?? null,
  };
  return {
    subject: `Faultline: ${result.id} ${result.verdict}`.slice(0, 100),
    message: JSON.stringify(facts, null, 2),
  };
}
