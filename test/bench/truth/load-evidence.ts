import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import { ledgerEntrySchema } from '../../../lambdas/evidence/ledger.ts';
import { generatorReportSchema, windowSchema } from '../../../lambdas/evidence/window.ts';
import type { PhaseName, RunEvent } from '../../../lambdas/runs/run.ts';
import type { LocustRun } from '../../infra/locust/locust-run.ts';

/** What the load generator left of a run that has ended. */
export const loadEvidence = (run: LocustRun): Pick<Evidence, 'windows' | 'ledger' | 'generator'> => ({
  windows: run.jsonLines('windows').map((w) => windowSchema.parse(w)),
  ledger: run.jsonLines('ledger').map((e) => ledgerEntrySchema.parse(e)),
  generator: generatorReportSchema.parse(JSON.parse(run.object('generator.json'))),
});

export const phase = (at: number, name: PhaseName): RunEvent => ({ at, type: 'phase', detail: { phase: name } });
