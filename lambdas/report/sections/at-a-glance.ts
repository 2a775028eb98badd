import { scenarioById } from '../../scenarios/registry.ts';
import { blocks, escape, table } from '../markdown.ts';
import { verdictMark } from '../marks.ts';
import type { Report, ScenarioResult } from '../report.schema.ts';

/** One row a scenario: what a manager reads. */
export function atAGlance(report: Report): string {
  const rows = [
    ...report.scenarios.map((r) => [
      r.setup.shortTitle,
      verdictMark[r.verdict],
      rtoCell(r),
      rpoCell(r),
      r.score?.overall != null ? `${r.score.overall.toFixed(1)} /10` : 'none',
      r.reason ?? '',
    ]),
    ...report.notRun.map((n) => [scenarioById(n.id).shortTitle, 'not run', 'not run', 'not run', 'not run', n.reason]),
  ];
  const { overall } = report.summary;
  const critical = report.summary.recommendations.filter((r) => r.priority === 'P0').length;
  const score =
    overall.score === null
      ? 'There is no overall resilience score'
      : `The overall resilience score is ${overall.score.toFixed(1)} of 10`;
  return blocks(
    '## At a Glance',
    table(['Scenario', 'Verdict', 'RTO', 'RPO (lost acknowledged writes)', 'Score', 'Why'], rows),
    escape(
      `${score} (${overall.basis}, coverage ${Math.round(overall.coverage * 100)} %). ` +
        `${critical === 0 ? 'No critical recommendation' : `${critical} critical recommendation${critical === 1 ? '' : 's'}`} (P0).`,
    ),
  );
}

const rtoCell = ({ rto }: ScenarioResult) => rto?.text ?? 'none';

function rpoCell({ rpo }: ScenarioResult): string {
  const measured = rpo.filter((r) => r.seconds !== null);
  if (measured.length === 0) return 'not measured';
  const lost = measured.reduce((n, r) => n + r.lost, 0);
  const acked = measured.reduce((n, r) => n + r.ackedWrites, 0);
  const worst = Math.max(...measured.map((r) => r.seconds!));
  return `${worst.toFixed(1)} s (${lost} of ${acked})`;
}
