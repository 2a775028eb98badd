import { isConclusive } from '../../runs/run.ts';
import { scenarioById } from '../../scenarios/registry.ts';
import { scenarioIds } from '../../scenarios/scenario.ts';
import { blocks, plain, table } from '../markdown.ts';
import { verdictMark } from '../marks.ts';
import type { Report, ScenarioResult } from '../report.schema.ts';

/** One row a scenario: what a manager reads. */
export function atAGlance(report: Report): string {
  const rows = new Map<string, string[]>([
    ...report.scenarios.map((r): [string, string[]] => [
      r.id,
      [
        r.setup.shortTitle,
        verdictMark[r.verdict],
        rtoCell(r),
        rpoCell(r),
        r.score?.overall != null ? `${r.score.overall.toFixed(1)} /10` : 'none',
        r.reason ?? '',
      ],
    ]),
    ...report.notRun.map((n): [string, string[]] => [
      n.id,
      [scenarioById(n.id).shortTitle, 'not run', 'not run', 'not run', 'not run', n.reason],
    ]),
  ]);
  const ordered = scenarioIds.flatMap((id) => {
    const row = rows.get(id);
    return row ? [row] : [];
  });
  const { overall } = report.summary;
  const critical = report.summary.recommendations.filter((r) => r.priority === 'P0').length;
  const score =
    overall.score === null
      ? 'There is no overall resilience score'
      : `The overall resilience score is ${overall.score.toFixed(1)} of 10`;
  return blocks(
    '## At a Glance',
    table(['Scenario', 'Verdict', 'RTO', 'RPO (lost acknowledged writes)', 'Score', 'Why'], ordered),
    plain(
      `${score} (${overall.basis}, coverage ${Math.round(overall.coverage * 100)} %). ` +
        `${critical === 0 ? 'No critical recommendation' : `${critical} critical recommendation${critical === 1 ? '' : 's'}`} (P0).`,
    ),
  );
}

const inconclusive = ({ verdict }: ScenarioResult) => `not measured: ${verdict}`;

export function rtoCell(result: ScenarioResult): string {
  if (result.fault.landed === null) return 'no fault';
  return isConclusive(result) ? (result.rto?.text ?? 'not measured') : inconclusive(result);
}

export function rpoCell(result: ScenarioResult): string {
  const { rpo } = result;
  if (!isConclusive(result)) return inconclusive(result);
  const measured = rpo.filter((r) => r.seconds !== null);
  if (measured.length === 0) return 'not measured';
  const lost = measured.reduce((n, r) => n + r.lost, 0);
  const acked = measured.reduce((n, r) => n + r.ackedWrites, 0);
  const worst = Math.max(...measured.map((r) => r.seconds!));
  return `${worst.toFixed(1)} s${measured.some((r) => r.censored) ? ' or more' : ''} (${lost} of ${acked})`;
}
