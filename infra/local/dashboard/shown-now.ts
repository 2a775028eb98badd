import { z } from 'zod';
import { inOneLine } from '../../../lambdas/aws/one-line.ts';
import { SignedRequests } from '../../../lambdas/operator/signed-requests.client.ts';
import { runSchema } from '../../../lambdas/runs/run.ts';
import type { LocalOperator } from '../run/operator-file.ts';
import { Dashboards } from './cloudwatch.client.ts';
import { evaluate } from './evaluate.ts';
import { reportsIn, reportText } from './reports.ts';
import type { Shown } from './server.ts';
import type { ShownRun } from './shown.ts';

export interface Sources {
  /** The operators of the runs that are going on on this machine. */
  living(): LocalOperator[];
  /** Folder of game-days' reports. */
  out: string;
  now(): number;
}

const runsSchema = z.object({ items: z.array(runSchema) });

/** What there is to see at this moment; runs come and go while the page stays open. */
export function shownNow({ living, out, now }: Sources): Shown {
  const current = (): LocalOperator | null => living()[0] ?? null;
  return {
    async state() {
      const operator = current();
      const state = { endpoint: null, problem: null, dashboards: [], runs: [], reports: reportsIn(out) };
      if (!operator) return state;
      try {
        const [dashboards, runs] = await Promise.all([dashboardsOf(operator).names(), runsOf(operator)]);
        return { ...state, endpoint: new URL(operator.url).origin, dashboards, runs };
      } catch (error) {
        // A stack that is ending, or that is not what it was.
        return { ...state, problem: `The local AWS does not answer: ${inOneLine((error as Error).message)}` };
      }
    },
    async dashboard(name) {
      const operator = current();
      if (!operator) return null;
      const dashboards = dashboardsOf(operator);
      return (await dashboards.names()).includes(name) ? evaluate(name, dashboards, now()) : null;
    },
    report: (id) => reportText(out, id),
  };
}

const dashboardsOf = ({ url, region, credentials }: LocalOperator) =>
  new Dashboards({ endpoint: new URL(url).origin, region, credentials: credentials as never });

async function runsOf(operator: LocalOperator): Promise<ShownRun[]> {
  const { items } = runsSchema.parse(await new SignedRequests(operator).send({ method: 'GET', path: '/runs' }));
  return items.map(({ runId, scenario, targetId, phase, verdict, verdictReason, createdAt }) => ({
    runId,
    scenario,
    target: targetId,
    phase,
    verdict,
    reason: verdictReason,
    createdAt,
  }));
}
