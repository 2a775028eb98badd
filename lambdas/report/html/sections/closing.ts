import { clockTime } from '../../../analysis/format.ts';
import { scenarioById } from '../../../scenarios/registry.ts';
import { priorityHeadings } from '../../document.ts';
import {
  type ChecklistItem,
  type Finding,
  priorities,
  type Report,
  type ScenarioResult,
  type Score,
} from '../../report.schema.ts';
import { pointsText, scoreText } from '../../run-lines.ts';
import { evidenceFolders, readingLines } from '../../sections/appendix.ts';
import { badge, list, pairs, table, unfolded } from '../elements.ts';
import { type Html, html } from '../safe-html.ts';
import { sinceEarlier } from './since-earlier.ts';

/** What all scenarios come to, and what the report rests on. */
export const closing = (report: Report): Html =>
  html`<section aria-labelledby="summary"><h2 id="summary">Summary of all scenarios</h2>
<h3>Resilience score</h3>
${scores(report)}
${sinceEarlier(report.summary.sinceEarlier)}
<h3>Strengths</h3>${findings(report.summary.strengths, 'strengths')}
<h3>Weaknesses</h3>${findings(report.summary.weaknesses, 'weaknesses')}
<h3>Risks</h3>${findings(report.summary.risks, 'risks')}
</section>
<section aria-labelledby="recommendations"><h2 id="recommendations">Recommendations by priority</h2>
${priorities.map((p) => {
  const own = report.summary.recommendations.filter((r) => r.priority === p);
  return html`<h3>${priorityHeadings[p]}</h3>${own.length > 0 ? list(own.map(finding), 'ol') : html`<p>None.</p>`}`;
})}
</section>
<section aria-labelledby="next"><h2 id="next">Next steps</h2>
${list(report.summary.nextSteps.map(ticked))}
<h3>Text for the disaster recovery plan</h3>
${report.summary.recoveryPlan.length > 0 ? pairs(report.summary.recoveryPlan.map(({ scenario, text }) => ({ label: scenarioById(scenario).shortTitle, text }))) : html`<p>No conclusive run.</p>`}
<h3>Test execution checklist</h3>
${list(report.summary.checklist.map(ticked))}
</section>
<section aria-labelledby="appendix"><h2 id="appendix">Appendix</h2>
<h3>How to read this report</h3>
${list(readingLines)}
<h3>Tools used</h3>
${list(tools(report))}
<h3>What monitoring commands would have shown</h3>
${report.scenarios.map(monitoring)}
<h3>Evidence</h3>
${unfolded('Where the raw evidence is kept', list(evidence(report)))}
</section>
`;

function scores({ summary }: Report): Html {
  const points = ({ value, interval }: Score['recoveryTime']) =>
    value === null ? 'not observed' : pointsText(value, interval);
  const rows = summary.scores.map(({ title, score, reason }) =>
    score
      ? [
          title,
          points(score.gracefulDegradation),
          points(score.recoveryTime),
          points(score.errorHandling),
          score.overall === null ? 'too little observed' : pointsText(score.overall, score.overallInterval, ' / 10'),
          `${Math.round(score.coverage * 100)} %`,
        ]
      : [title, ...Array<string>(3).fill(reason === 'not run' ? 'not run' : 'none'), reason ?? 'none', '0 %'],
  );
  const bases = summary.scores.flatMap(({ title, score }) => (score ? [{ label: title, text: scoreText(score) }] : []));
  return html`${table(
    'Resilience score',
    ['Scenario', 'Graceful degradation', 'Recovery time', 'Error handling', 'Score', 'Coverage'],
    rows,
  )}${summary.overall.notTested ? html`<p>${summary.overall.notTested}.</p>` : null}
${bases.length > 0 ? unfolded('What each score is made of', pairs(bases)) : null}`;
}

const finding = ({ text, evidence }: Finding): Html => html`${text} <span class="soft small">(${evidence})</span>`;

/** More than a screen of them is unfolded on demand. */
const fewEnough = 8;

function findings(all: readonly Finding[], noun: string): Html {
  if (all.length === 0) return html`<p>None observed.</p>`;
  const each = list(all.map(finding));
  return all.length > fewEnough ? unfolded(`All ${all.length} ${noun}`, each) : each;
}

const ticked = ({ item, done, evidence }: ChecklistItem): Html =>
  html`${done ? badge('good', 'done') : badge('calm', done === null ? 'not recorded' : 'open')} ${item} <span class="soft small">(${evidence})</span>`;

function tools({ scenarios }: Report): string[] {
  const all = [...new Set(scenarios.flatMap((s) => s.tools))];
  return all.length > 0 ? all : ['No run used any'];
}

function monitoring({ setup, monitoring: rows, logs }: ScenarioResult): Html {
  const lines = logs.flatMap(({ group, problem, first }) => [
    ...(problem ? [`${group}: ${problem}`] : []),
    ...first.map(({ at, level, text }) => `${group}, ${clockTime(at)}, ${level}: ${text}`),
  ]);
  return unfolded(
    setup.shortTitle,
    html`${table(
      `Monitoring of ${setup.shortTitle}`,
      ['Command', ...setup.columns],
      rows.map(({ command, before, during, after }) => [html`<code>${command}</code>`, before, during, after]),
    )}${lines.length > 0 ? list(lines) : null}`,
  );
}

function evidence({ scenarios }: Report): string[] {
  const keys = scenarios.flatMap((s) => evidenceFolders(s.evidenceKeys).map((key) => `${s.id}: ${key}`));
  return keys.length > 0 ? keys : ['No keys of the raw evidence were given to this report'];
}
