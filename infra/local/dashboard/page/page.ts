/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { linePanel } from '../../../../lambdas/report/html/panel.ts';
import { Html, html } from '../../../../lambdas/report/html/safe-html.ts';
import type { ShownDashboard, ShownState, ShownWidget } from '../shown.ts';

/** The page in the browser: asks its server every two seconds what there is to see, and shows it. */

const every = 2000;
const part = (id: string) => document.getElementById(id)!;

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

/** Only what has changed is drawn anew, so that what is selected or focused stays so. */
function show(id: string, content: Html): void {
  const element = part(id);
  if (element.dataset.shown === content.text) return;
  element.dataset.shown = content.text;
  element.innerHTML = content.text;
}

const chosen = () => decodeURIComponent(location.hash.slice(1));

async function refresh(): Promise<void> {
  const state = await ask<ShownState>('/state');
  show('status', html`${statusOf(state)}`);
  const name =
    state.dashboards.find((d) => d === chosen()) ??
    state.dashboards.find((d) => d.endsWith('-Live')) ??
    state.dashboards[0];
  show(
    'names',
    html`${state.dashboards.map((d) => html`<li><a href="#${d}"${d === name ? html` aria-current="page"` : null}>${d}</a></li>`)}`,
  );
  show('runs', runs(state));
  show('reports', reports(state));
  if (name === undefined) {
    show('dashboard-name', html`Dashboard`);
    show(
      'widgets',
      html`<p>${state.endpoint ? 'The deployment has no dashboard yet.' : 'There is nothing to show while no run is going on.'}</p>`,
    );
    return;
  }
  const dashboard = await ask<ShownDashboard>(`/dashboards/${encodeURIComponent(name)}`);
  show('dashboard-name', html`${dashboard.name}`);
  show('widgets', html`${dashboard.widgets.map(widget)}`);
}

function statusOf({ endpoint, problem, runs: all }: ShownState): string {
  if (problem) return problem;
  if (!endpoint) return 'No run is going on on this machine. Start one with: npm start';
  const current = all.find((r) => r.verdict === null);
  return current
    ? `${current.scenario} on ${current.target}: ${current.phase} (local AWS at ${endpoint})`
    : `Local AWS at ${endpoint}; no run is under way.`;
}

const time = (epoch: number) => new Date(epoch * 1000).toISOString().slice(11, 19);

function widget(shown: ShownWidget): Html {
  const wide = shown.width >= 20 ? 'all' : shown.width > 8 ? 'half' : 'third';
  return html`<figure class="${wide}"><figcaption>${shown.title}${shown.kind === 'lines' ? keys(shown.series) : null}</figcaption>${content(shown)}</figure>`;
}

const keys = (series: readonly { name: string }[]): Html =>
  html`${series.map((s, i) => html`<span class="key"><svg viewBox="0 0 28 10" aria-hidden="true"><path class="series s${(i % 6) + 1}" d="M2,5H26"/></svg> ${s.name}</span>`)}`;

function content(shown: ShownWidget): Html {
  switch (shown.kind) {
    case 'text':
      return markdown(shown.markdown);
    case 'html':
      // Its Lambda escapes what it was given, and the page's policy lets nothing in it run.
      return html`<div class="wide" tabindex="0" role="region" aria-label="${shown.title}">${new Html(shown.html)}</div>`;
    case 'problem':
      return html`<p class="problem">${shown.text}</p>`;
    case 'lines':
      return lines(shown);
  }
}

function lines({ title, axis, series, most, limit }: Extract<ShownWidget, { kind: 'lines' }>): Html {
  const known = series.flatMap((s) => s.values.flatMap((v) => v ?? []));
  if (known.length === 0) return html`<p class="empty">No data in this time.</p>`;
  const last = series.map((s) => `${s.name}: ${number(s.values.findLast((v) => v !== null) ?? 0)}`).join(', ');
  const isLong = axis.step * axis.points > 86_400;
  const label = (at: number) => (isLong ? new Date(at * 1000).toISOString().slice(5, 10) : time(at).slice(0, 5));
  return linePanel(
    {
      id: title,
      description: `${title}. Latest ${last}.`,
      series,
      scale: 'linear',
      reach: most,
      limit,
      format: number,
    },
    { ...axis, phases: [], marks: [], label },
  );
}

const number = (v: number) =>
  new Intl.NumberFormat('en-US', {
    maximumFractionDigits: v < 10 ? 2 : 0,
    notation: v >= 10_000 ? 'compact' : 'standard',
  }).format(v);

/** Headings and bold words are all that the dashboards' texts use. */
const markdown = (text: string): Html =>
  html`${text
    .split('\n')
    .filter(Boolean)
    .map((line) =>
      line.startsWith('#')
        ? html`<h3>${line.replace(/^#+ */, '')}</h3>`
        : html`<p>${line.split('**').map((words, i) => (i % 2 ? html`<b>${words}</b>` : words))}</p>`,
    )}`;

function runs({ runs: all }: ShownState): Html {
  if (all.length === 0) return html`<p>None.</p>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="Runs"><table><thead><tr><th scope="col">Begun (UTC)</th><th scope="col">Scenario</th><th scope="col">Target</th><th scope="col">Phase</th><th scope="col">Verdict</th><th scope="col">Why</th></tr></thead>
<tbody>${all.map((r) => html`<tr><td>${time(r.createdAt)}</td><th scope="row">${r.scenario}</th><td>${r.target}</td><td>${r.phase}</td><td>${r.verdict ?? 'under way'}</td><td>${r.reason}</td></tr>`)}</tbody></table></div>`;
}

function reports({ reports: all }: ShownState): Html {
  if (all.length === 0) return html`<p>None yet.</p>`;
  return html`<ul>${all.map(({ id, at }) => html`<li><a href="/reports/${id}">${id}</a> ${new Date(at * 1000).toISOString().slice(0, 16).replace('T', ' ')}</li>`)}</ul>`;
}

async function forever(): Promise<void> {
  for (;;) {
    try {
      await refresh();
    } catch (error) {
      show('status', html`This page's server does not answer: ${(error as Error).message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}

addEventListener('hashchange', () => void refresh().catch(() => undefined));
void forever();
