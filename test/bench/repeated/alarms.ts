import type { ScenarioResult } from '../../../lambdas/report/report.schema.ts';

/** What a run without a fault says of one, a line each: a fault, an issue, a row outside its band, a lost write. */
export function alarmsOf({ verdict, reason, fault, issues, metrics, rpo, rto }: ScenarioResult): string[] {
  return [
    ...(verdict === 'PASS' ? [] : [`${verdict}: ${reason}`]),
    ...(fault.landed === null ? [] : [`a fault: ${fault.proof}`]),
    ...(rto === null ? [] : [`a recovery: ${rto.text}`]),
    ...issues.map(({ text }) => `an issue: ${text}`),
    ...metrics.filter(({ status }) => status !== 'ok').map(({ label, rule }) => `${label}: ${rule}`),
    ...rpo.filter(({ lost }) => lost > 0).map((r) => `lost data: ${r.text}`),
  ];
}
