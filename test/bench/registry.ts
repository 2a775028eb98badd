import type { Benchmark } from './benchmark.ts';
import { analysisCost } from './benchmarks/analysis-cost.ts';
import { analysisScale } from './benchmarks/analysis-scale.ts';
import { apiFuzz } from './benchmarks/api-fuzz.ts';
import { badInputsRefused } from './benchmarks/bad-inputs.ts';
import { discrimination } from './benchmarks/discrimination.ts';
import { falseAlarms } from './benchmarks/false-alarms.ts';
import { leverSeconds } from './benchmarks/lever-seconds.ts';
import { mergeWorkers } from './benchmarks/merge-workers.ts';
import { omissionError } from './benchmarks/omission-error.ts';
import { orphanSeconds } from './benchmarks/orphan-seconds.ts';
import { percentileError } from './benchmarks/percentile-error.ts';
import { recorderCost } from './benchmarks/recorder-cost.ts';
import { rpoExact } from './benchmarks/rpo-exact.ts';
import { rtoError } from './benchmarks/rto-error.ts';
import { simultaneousStarts } from './benchmarks/starts.ts';
import { stateCases } from './benchmarks/state-cases.ts';
import { stopToGone } from './benchmarks/stop-to-gone.ts';

/** Every benchmark of `npm run bench`, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  badInputsRefused,
  apiFuzz,
  stopToGone,
  leverSeconds,
  simultaneousStarts,
  orphanSeconds,
  stateCases,
  rtoError,
  rpoExact,
  percentileError,
  omissionError,
  analysisCost,
  analysisScale,
  mergeWorkers,
  recorderCost,
  falseAlarms,
  discrimination,
];
