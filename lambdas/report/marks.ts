import type { Verdict } from '../runs/run.ts';
import type { MetricRowResult, Observation } from './report.schema.ts';

/** How a status, an observation and a verdict look in the report. A plain yes beside 'OOM Killer' would say the opposite. */
export const statusMark: Record<MetricRowResult['status'], string> = {
  ok: '✅ OK',
  degraded: '⚠️ degraded',
  missed: '❌ missed',
  'not-measured': 'not measured',
  'not-run': 'not run',
};

export const observationMark: Record<Observation, string> = {
  yes: '✅ as expected',
  partly: '⚠️ partly as expected',
  no: '❌ not as expected',
  'not-applicable': 'not applicable',
  unknown: 'not known',
};

export const verdictMark: Record<Verdict, string> = {
  PASS: '✅ PASS',
  FAIL: '❌ FAIL',
  ABORTED: 'ABORTED',
  INVALID: 'INVALID',
  ERROR: 'ERROR',
};
