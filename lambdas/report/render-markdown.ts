import { secondsText } from '../analysis/format.ts';
import { scenarioById } from '../scenarios/registry.ts';
import type { ScenarioId } from '../scenarios/scenario.ts';
import { documentScenarios } from './document.ts';
import { blocks, bold, plain } from './markdown.ts';
import type { Report } from './report.schema.ts';
import { appendixSection } from './sections/appendix.ts';
import { atAGlance } from './sections/at-a-glance.ts';
import { notRunSection } from './sections/not-run.ts';
import { scenarioSection } from './sections/scenario.ts';
import { nextStepsSection, objectivesSection, prioritySection, summarySection } from './sections/summary.ts';

const rule = '---';

/** The report as Markdown, in the headings, tables and order of the document that it fills. */
export function renderMarkdown(report: Report): string {
  const sections = [
    blocks('# Failure Scenarios Test Results', atAGlance(report), configuration(report), scenarioList()),
    section('control', 'Control Run (no fault)', report),
    ...documentScenarios.map((id, i) => section(id, `Scenario ${i + 1}: ${scenarioById(id).title}`, report)),
    blocks(
      summarySection(report),
      prioritySection(report),
      objectivesSection(report),
      nextStepsSection(report),
      appendixSection(report),
    ),
  ];
  return `${sections.join(`\n\n${rule}\n\n`)}\n`;
}

function configuration({ startedAt, endedAt, mode, profile, target, gameDayId }: Report): string {
  const iso = (epoch: number) => new Date(epoch * 1000).toISOString();
  return blocks(
    '## Test Configuration',
    [
      `${bold('Date')}: ${iso(startedAt).slice(0, 10)} (${iso(startedAt)} to ${iso(endedAt)})`,
      `${bold('Objective')}: Test system resilience under various failure conditions`,
      `${bold('Duration')}: Variable per scenario; ${secondsText(endedAt - startedAt)} in all, profile ${profile}`,
      `${bold('Target')}: ${plain(target.id)} at ${plain(target.endpoint)} (${mode})`,
      `${bold('Game-day')}: ${plain(gameDayId)}`,
    ].join('  \n'),
  );
}

const scenarioList = () =>
  blocks(
    '## Test Scenarios',
    documentScenarios.map((id, i) => `### ${i + 1}. ${plain(scenarioById(id).title)}`).join('\n'),
  );

function section(id: ScenarioId, heading: string, report: Report): string {
  const result = report.scenarios.find((s) => s.id === id);
  if (result) return scenarioSection(heading, result);
  const entry = report.notRun.find((n) => n.id === id);
  if (!entry) throw new Error(`the report has neither a result nor a reason for ${id}`);
  return notRunSection(heading, entry, report.profile);
}
