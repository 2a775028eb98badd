import { milliseconds } from '../format.ts';
import { merged, percentileMs } from '../histogram.ts';
import type { PhaseLoad } from '../load.ts';
import { steadyRule } from '../steady-state.ts';
import { comparing, no, partly, unknown, yes } from './behaviour.ts';

const p95 = (load: PhaseLoad) => percentileMs(merged(load.windows.map((w) => w.all)), 0.95);

/** p95 within twice its baseline, or within the 20 ms by which the steady state may vary anyway. */
export const performanceImpact = comparing((before, during) => {
  const usual = p95(before.load);
  const now = p95(during.load);
  if (usual === null || now === null) return unknown('too few requests for a p95 before or during the fault');
  const evidence = `p95 ${milliseconds(usual)} ms before, ${milliseconds(now)} ms during the fault (× ${(now / usual).toFixed(1)})`;
  const allowed = Math.max(2 * usual, usual + steadyRule.latencyFloorMs);
  if (now <= allowed) return yes(evidence);
  return now <= 2 * allowed ? partly(evidence) : no(evidence);
});
