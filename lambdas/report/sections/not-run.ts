import { scenarioById } from '../../scenarios/registry.ts';
import type { Profile } from '../../scenarios/scenario.ts';
import { blocks, bold, bullets, codeBlock, plain } from '../markdown.ts';
import type { Report } from '../report.schema.ts';
import { resultsTable } from './scenario.ts';

/** The section of a scenario that was not run: every cell says so, the reason stands once. */
export function notRunSection(heading: string, entry: Report['notRun'][number], profile: Profile): string {
  const s = scenarioById(entry.id);
  return blocks(
    `## ${plain(heading)}`,
    `${bold('Not run')}: ${plain(entry.reason)}.`,
    '### Test Setup',
    bullets([
      `${bold('Baseline Load')}: ${s.load.users} concurrent users`,
      `${bold('Failure Trigger')}: ${plain(s.trigger)}`,
      `${bold('Duration')}: ${s.seconds[profile].fault} s`,
      `${bold('Recovery')}: ${plain(s.recovery)}`,
      ...(s.notes ?? []).map((note) => `${bold('Note')}: ${plain(note)}`),
    ]),
    '### Execution',
    codeBlock(['# not run']),
    '### Results',
    resultsTable(s.columns, entry.metrics),
    '### System Behavior',
    bullets(entry.behaviours.map((b) => `${bold(b.label)}: not run (expected: ${plain(b.expected)})`)),
    '### Issues Identified',
    bullets(['Not run']),
    '### Recommendations',
    bullets(['Not run']),
  );
}
