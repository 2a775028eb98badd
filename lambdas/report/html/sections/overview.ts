import { plural, secondsText, targetText } from '../../../analysis/format.ts';
import { isConclusive } from '../../../runs/run.ts';
import { scenarioById } from '../../../scenarios/registry.ts';
import { scenarioIds } from '../../../scenarios/scenario.ts';
import type { Recommendation, Report, ScenarioResult } from '../../report.schema.ts';
import { rpoCell, rtoCell } from '../../sections/at-a-glance.ts';
import { badge, list, metBadge, pairs, table, verdictTone } from '../elements.ts';
import { type Html, html } from '../safe-html.ts';

/** What a manager reads, before everything else. */
export function overview(report: Report): Html {
  return html`<section aria-labelledby="overview"><h2 id="overview">At a glance</h2>
${tiles(report)}
<h3>Scenarios</h3>
<ul class="cards">${scenarioIds.flatMap((id) => card(id, report) ?? [])}</ul>
<h3>What to do first</h3>
${first(report)}
<h3>Recovery against its targets</h3>
${objectives(report)}
</section>
`;
}

function tiles({ scenarios, summary }: Report): Html {
  const { overall, rto, rpo, recommendations } = summary;
  const passed = scenarios.filter((r) => r.verdict === 'PASS').length;
  const open = scenarios.filter((r) => !isConclusive(r)).length;
  const met = (rows: readonly { met: boolean | null }[]) => `${rows.filter((r) => r.met).length} of ${rows.length}`;
  const critical = recommendations.filter((r) => r.priority === 'P0').length;
  const all: [label: string, value: string, note: string][] = [
    ['Runs passed', `${passed} of ${scenarios.length}`, open > 0 ? `${open} without a conclusion` : 'all conclusive'],
    [
      'Resilience score',
      overall.score === null ? 'none' : `${overall.score.toFixed(1)} / 10`,
      `${overall.basis}, coverage ${Math.round(overall.coverage * 100)} %`,
    ],
    ['RTO targets met', met(rto), missing(rto)],
    ['RPO targets met', met(rpo), missing(rpo)],
    ['Critical findings', String(critical), critical === 0 ? 'no P0' : 'P0: before production'],
  ];
  return html`<dl class="tiles">${all.map(
    ([label, value, note]) => html`<div><dt>${label}</dt><dd>${value} <small>${note}</small></dd></div>\n`,
  )}</dl>`;
}

function missing(rows: readonly { met: boolean | null }[]): string {
  const missed = rows.filter((r) => r.met === false).length;
  const unknown = rows.filter((r) => r.met === null).length;
  const parts = [...(missed > 0 ? [`${missed} missed`] : []), ...(unknown > 0 ? [`${unknown} not known`] : [])];
  return parts.length > 0 ? parts.join(', ') : 'all of them';
}

function card(id: ScenarioResult['id'], report: Report): Html | null {
  const result = report.scenarios.find((r) => r.id === id);
  if (result) return runCard(result);
  const entry = report.notRun.find((n) => n.id === id);
  if (!entry) return null;
  return html`<li><h4><a href="#${id}">${scenarioById(id).shortTitle}</a> ${badge('calm', 'not run')}</h4><p>${entry.reason}</p></li>\n`;
}

function runCard(r: ScenarioResult): Html {
  const target = r.rto?.targetSeconds ?? null;
  const facts = [
    { label: 'RTO', text: `${rtoCell(r)}${target === null ? '' : ` (target ${targetText(target)})`}` },
    { label: 'RPO', text: rpoCell(r) },
    {
      label: 'Score',
      text: r.score?.overall == null ? (r.scoreReason ?? 'none') : `${r.score.overall.toFixed(1)} / 10`,
    },
  ];
  return html`<li class="${verdictTone[r.verdict]}"><h4><a href="#${r.id}">${r.setup.shortTitle}</a> ${badge(verdictTone[r.verdict], r.verdict)}</h4>
${pairs(facts)}<p>${r.reason ?? null}</p></li>
`;
}

function first({ summary, scenarios }: Report): Html {
  const most = ['P0', 'P1'].find((p) => summary.recommendations.some((r) => r.priority === p));
  const urgent = summary.recommendations.filter((r) => r.priority === most);
  const more = summary.recommendations.length - urgent.length;
  if (urgent.length > 0) {
    const rest = html`<p><a href="#recommendations">${plural(more, 'more recommendation')}</a></p>`;
    return html`${list(urgent.map(recommendation), 'ol')}${more > 0 ? rest : null}`;
  }
  const why = scenarios.some(isConclusive)
    ? 'Nothing of priority P0 or P1 was found in what was run.'
    : 'No run came to a conclusion, so it is not known. Run the scenarios again.';
  return html`<p>${why}</p>`;
}

export const recommendation = ({ priority, text, evidence }: Recommendation): Html =>
  html`${badge(priority === 'P0' ? 'bad' : priority === 'P1' ? 'warn' : 'calm', priority)} ${text} <span class="soft small">(${evidence})</span>`;

const objectives = ({ summary }: Report): Html =>
  html`${table(
    'Recovery Time Objectives (RTO)',
    ['Failure', 'Target', 'Measured', 'Met?'],
    summary.rto.map((r) => [r.failure, `< ${targetText(r.targetSeconds)}`, r.actual, metBadge(r.met, r.metText)]),
  )}${table(
    'Recovery Point Objectives (RPO)',
    ['Data', 'Target', 'Measured', 'Met?'],
    summary.rpo.map((r) => [r.failure, `< ${targetText(r.targetSeconds)}`, r.actual, metBadge(r.met, r.metText)]),
  )}`;

/** When, what, where: the head of the page. */
export function heading({ startedAt, endedAt, profile, target, mode, gameDayId }: Report): Html {
  const iso = (epoch: number) => new Date(epoch * 1000).toISOString();
  const day = (epoch: number) =>
    html`<time datetime="${iso(epoch)}">${iso(epoch).slice(0, 16).replace('T', ' ')} UTC</time>`;
  return html`<header><h1>Failure Scenarios Test Results</h1>
<p>Target <b>${target.id}</b> at ${target.endpoint} (${mode}), profile ${profile}, ${day(startedAt)}, ${secondsText(endedAt - startedAt)} in all.
<span class="soft">Game-day ${gameDayId}.</span></p></header>
`;
}
