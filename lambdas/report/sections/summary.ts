import { targetText } from '../../analysis/format.ts';
import { priorityHeadings } from '../document.ts';
import { blocks, bold, bullets, numbered, plain, table } from '../markdown.ts';
import { type ChecklistItem, type Finding, priorities, type Report, type Score } from '../report.schema.ts';
import { pointsText, scoreText } from '../run-lines.ts';
import { sinceEarlierSection } from './since-earlier.ts';

type Scores = Report['summary']['scores'][number];

export function summarySection({ summary }: Report): string {
  return blocks(
    '## Summary of All Scenarios',
    '### Resilience Score',
    scoreTable(summary),
    bullets([...summary.scores.flatMap(scoreBasis), plain(overallText(summary.overall))]),
    sinceEarlierSection(summary.sinceEarlier),
    '### Critical Findings',
    '#### Strengths',
    findings(summary.strengths),
    '#### Weaknesses',
    findings(summary.weaknesses),
    '#### Risks',
    findings(summary.risks),
  );
}

/** What the overall score stands on, and what it is silent about. */
const overallText = ({ basis, coverage, notTested }: Report['summary']['overall']) =>
  `Overall: ${basis}, coverage ${Math.round(coverage * 100)} %${notTested ? `; ${notTested}` : ''}`;

function scoreTable({ scores, overall }: Report['summary']): string {
  const points = ({ value, interval }: Score['recoveryTime']) =>
    value === null ? 'not observed' : pointsText(value, interval);
  const rows = scores.map(({ title, score, reason }) =>
    score
      ? [
          title,
          points(score.gracefulDegradation),
          points(score.recoveryTime),
          points(score.errorHandling),
          score.overall === null ? 'too little observed' : pointsText(score.overall, score.overallInterval, ' /10'),
        ]
      : [title, ...Array<string>(3).fill(reason === 'not run' ? 'not run' : 'none'), reason ?? 'none'],
  );
  const total = overall.score === null ? 'none' : pointsText(overall.score, overall.interval, ' /10');
  const head = table(['Scenario', 'Graceful Degradation', 'Recovery Time', 'Error Handling', 'Score'], rows);
  return `${head}\n| **Overall** | | | | ${total} |`;
}

const scoreBasis = ({ title, score }: Scores) => (score ? [plain(`${title}: ${scoreText(score)}`)] : []);

const findings = (all: readonly Finding[]) =>
  bullets(all.length ? all.map((f) => `${plain(f.text)} (${plain(f.evidence)})`) : ['None observed']);

export function prioritySection({ summary }: Report): string {
  const parts = priorities.flatMap((p) => {
    const own = summary.recommendations.filter((r) => r.priority === p);
    const lines = own.map((r) => `${plain(r.text)} (${plain(r.evidence)})`);
    return [`### ${priorityHeadings[p]}`, numbered(lines.length ? lines : ['None'])];
  });
  return blocks('## Recommendations by Priority', ...parts);
}

export function objectivesSection({ summary }: Report): string {
  return blocks(
    '## Disaster Recovery Validation',
    '### Recovery Time Objectives (RTO)',
    table(
      ['Failure Type', 'Target RTO', 'Actual RTO', 'Met?'],
      summary.rto.map((r) => [r.failure, `< ${targetText(r.targetSeconds)}`, r.actual, r.metText]),
    ),
    '### Recovery Point Objectives (RPO)',
    table(
      ['Data Type', 'Target RPO', 'Actual RPO', 'Met?'],
      summary.rpo.map((r) => [r.failure, `< ${targetText(r.targetSeconds)}`, r.actual, r.metText]),
    ),
  );
}

export function nextStepsSection({ summary }: Report): string {
  return blocks(
    '## Next Steps',
    numbered(summary.nextSteps.map(ticked)),
    '### Text for the Disaster Recovery Plan',
    bullets(planLines(summary.recoveryPlan)),
    '## Test Execution Checklist',
    bullets(summary.checklist.map(ticked)),
  );
}

const planLines = (plan: Report['summary']['recoveryPlan']) =>
  plan.length ? plan.map(({ scenario, text }) => `${bold(scenario)}: ${plain(text)}`) : ['No conclusive run'];

const ticked = ({ item, done, evidence }: ChecklistItem) => `[${done ? 'x' : ' '}] ${plain(item)} (${plain(evidence)})`;
