import { clockTime } from '../../analysis/format.ts';
import { requestsNeeded, tailRequests } from '../../analysis/histogram.ts';
import { documentScenarios } from '../document.ts';
import { blocks, bullets, codeBlock, plain, table } from '../markdown.ts';
import type { Report, ScenarioResult } from '../report.schema.ts';

export function appendixSection(report: Report): string {
  const tools = [...new Set(report.scenarios.flatMap((s) => s.tools))];
  const keys = report.scenarios.flatMap((s) => evidenceFolders(s.evidenceKeys).map((key) => `${s.id}: ${key}`));
  return blocks(
    '## Appendix',
    '### Tools Used',
    bullets((tools.length ? tools : ['No run used any']).map(plain)),
    '### Monitoring Commands',
    codeBlock(monitoring),
    ...report.scenarios.flatMap(shown),
    '### Recovery Procedures',
    plain(
      'Every fault is reverted from the undo record that was written before it; the calls that did so stand under Execution.',
    ),
    '### Evidence',
    bullets((keys.length ? keys : ['No keys of the raw evidence were given to this report']).map(plain)),
    '### How to Read This Report',
    bullets(readingLines.map(plain)),
  );
}

/** What those commands, and the target's logs, showed in one run. */
function shown({ id, setup, monitoring: rows, logs }: ScenarioResult): string[] {
  const lines = logs.flatMap(({ group, problem, first }) => [
    ...(problem ? [`${group}: ${problem}`] : []),
    ...first.map(({ at, level, text }) => `${group}, ${clockTime(at)}, ${level}: ${text}`),
  ]);
  const title = documentScenarios.includes(id) ? setup.shortTitle : id;
  return [
    `#### ${plain(title)}`,
    table(
      ['Command', ...setup.columns],
      rows.map(({ command, before, during, after }) => [command, before, during, after]),
    ),
    ...(lines.length > 0 ? [bullets(lines.map(plain))] : []),
  ];
}

/** Many objects in one folder are one line. */
export function evidenceFolders(keys: readonly string[]): string[] {
  const byFolder = Map.groupBy(keys, (key) => key.slice(0, key.lastIndexOf('/') + 1));
  return [...byFolder].flatMap(([folder, all]) => (all.length > 8 ? [`${folder} (${all.length} objects)`] : all));
}

/** Each is read once a second during every run, without these programs; what they would have shown stands below. */
const monitoring = [
  '# System resources',
  'htop',
  'free -h',
  'df -h',
  '',
  '# Database',
  'psql -c "SELECT * FROM pg_stat_activity;"',
  '',
  '# Cache',
  'redis-cli INFO',
  '',
  '# Network',
  'netstat -an | grep ESTABLISHED | wc -l',
  '',
  '# Application',
  'curl -s "$ENDPOINT/health"',
  'curl -s "$ENDPOINT/metrics"',
];

export const readingLines = [
  'Status: ✅ OK within its steady-state band (or target) throughout; ⚠️ degraded outside it during the fault only; ❌ missed outside it after the recovery, or beyond its target. The rule that applied stands below each table.',
  `Response Time is p50 / p95 / p99 of all requests that ended, failed ones included, with 95 % confidence intervals from a block bootstrap below the table. A percentile is stated when at least ${tailRequests} requests lie beyond it: ${[0.5, 0.95, 0.99].map((q) => `p${q * 100} from ${requestsNeeded(q)}`).join(', ')} requests; below that the cell says 'too few'.`,
  "Where users are paced, 'corrected' is the same from when each request was meant to start (coordinated omission), those included that were never sent because their users still waited for an answer.",
  'RTO runs from the revert request to the steady state, as an interval [low, high]; "> limit" means that the limit came first.',
  'RPO is the age of the oldest acknowledged write that was lost. Writes whose outcome is not known are counted apart and never as lost.',
];
