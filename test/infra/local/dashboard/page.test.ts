import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Browser } from 'puppeteer-core';
import { pageFiles } from '../../../../infra/local/dashboard/page-files.ts';
import { reportsIn, reportText } from '../../../../infra/local/dashboard/reports.ts';
import { dashboardServer, type Shown } from '../../../../infra/local/dashboard/server.ts';
import type { ShownDashboard, ShownState } from '../../../../infra/local/dashboard/shown.ts';
import { controlRun } from '../../../lambdas/analysis/support/stories.ts';
import { reportOn } from '../../../lambdas/report/support/sample-report.ts';
import { openBrowser } from '../../../support/browser/chromium.ts';
import { accessibilityProblems, openPage, overflow, type Scheme, type Screen } from '../../../support/browser/look.ts';

jest.setTimeout(60_000);

const axis = { start: 1_800_000_000, step: 1, points: 60 };
const hostile = `<img src=x onerror="document.title='taken'">`;
const live: ShownDashboard = {
  name: 'Faultline-Live',
  seconds: 60,
  widgets: [
    {
      kind: 'lines',
      width: 8,
      title: 'Requests a second',
      axis,
      series: [{ name: 'shop', values: Array.from({ length: 60 }, (_, i) => (i < 30 ? 100 : 50)) }],
      most: 1,
      limit: null,
    },
    { kind: 'lines', width: 8, title: 'Users', axis, series: [], most: 1, limit: null },
    { kind: 'text', width: 12, title: '', markdown: '### Phase\n**4** fault' },
    { kind: 'html', width: 24, title: 'Latest', html: '<table><tr><td>control</td></tr></table>' },
    { kind: 'problem', width: 8, title: 'Odd', text: `cannot ${hostile}` },
  ],
};
const idle: ShownState = { endpoint: null, problem: null, dashboards: [], runs: [], reports: [] };
const busy: ShownState = {
  ...idle,
  endpoint: 'http://127.0.0.1:4566',
  dashboards: ['Faultline', 'Faultline-Live'],
  runs: [
    {
      runId: 'gd-1-control',
      scenario: 'control',
      target: 'shop',
      phase: 'fault',
      verdict: null,
      reason: null,
      createdAt: 1,
    },
    {
      runId: 'gd-0-control',
      scenario: 'control',
      target: 'shop',
      phase: 'done',
      verdict: 'FAIL',
      reason: hostile,
      createdAt: 0,
    },
  ],
  reports: [{ id: 'gd-0', at: 1 }],
};

let state: ShownState = busy;
let widgets = live.widgets;
const folder = mkdtempSync(join(tmpdir(), 'faultline-reports-'));
const shown: Shown = {
  state: async () => state,
  dashboard: async (name) => (state.dashboards.includes(name) ? { ...live, widgets, name } : null),
  report: (id) => reportText(folder, id),
};

let app: FastifyInstance;
let browser: Browser;
let url: string;
beforeAll(async () => {
  mkdirSync(join(folder, 'gd-0'));
  writeFileSync(join(folder, 'gd-0', 'report.html'), reportOn([controlRun]).html);
  app = dashboardServer(shown, await pageFiles());
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/`;
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  state = busy;
  widgets = live.widgets;
});

test.each<[Screen, Scheme]>([
  ['phone', 'light'],
  ['phone', 'dark'],
  ['desktop', 'light'],
  ['desktop', 'dark'],
])('on a %s in %s it shows the dashboard without an error, fits and is accessible', async (screen, scheme) => {
  const { page, problems } = await openPage(browser, url, screen, scheme);
  await page.waitForSelector('[data-panel="Requests a second"]');
  expect(await overflow(page)).toBe(0);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(problems).toEqual([]);
  expect(await page.title()).toBe('Faultline dashboards');
  expect(await page.$eval('.problem', (p) => p.textContent)).toBe(`cannot ${hostile}`);
  expect(await page.$eval('#status', (p) => p.textContent)).toBe(
    'control on shop: fault (local AWS at http://127.0.0.1:4566)',
  );
  await page.close();
});

test('what a custom widget or a run says runs nothing and loads nothing', async () => {
  widgets = [{ kind: 'html', width: 24, title: 'Latest', html: `<b id="brought">x</b>${hostile}` }];
  const { page, problems, requests } = await openPage(browser, url, 'desktop');
  await page.waitForSelector('#brought');
  expect(problems.some((p) => /Content Security Policy/.test(p))).toBe(true);
  expect(requests.filter((r) => !r.startsWith(url))).toEqual([]);
  expect(await page.title()).toBe('Faultline dashboards');
  expect(await page.$eval('#runs', (e) => e.textContent)).toContain(hostile);
  await page.close();
});

test('the line is where its values are', async () => {
  const { page } = await openPage(browser, url, 'desktop');
  await page.waitForSelector('[data-panel="Requests a second"]');
  const ys = await page.$eval('[data-panel="Requests a second"] .series', (path) =>
    [...path.getAttribute('d')!.matchAll(/[\d.]+,([\d.]+)/g)].map(([, y]) => Number(y)),
  );
  expect(ys).toHaveLength(60);
  expect(new Set(ys.slice(0, 30)).size).toBe(1);
  // Half of the requests is half of the way up from the axis, which is at 162.
  expect(162 - ys[45]!).toBeCloseTo((162 - ys[5]!) / 2, 0);
  await page.close();
});

test('it follows what goes on: a run ends, another dashboard is chosen, its report is opened', async () => {
  const { page } = await openPage(browser, url, 'desktop');
  await page.waitForSelector('nav a[aria-current]');
  expect(await page.$eval('nav a[aria-current]', (a) => a.textContent)).toBe('Faultline-Live');
  await page.click('nav li:first-child a');
  await page.waitForFunction(() => document.querySelector('#dashboard-name')!.textContent === 'Faultline');
  state = { ...idle, reports: busy.reports };
  await page.waitForFunction(() => /No run is going on/.test(document.querySelector('#status')!.textContent!), {
    timeout: 10_000,
  });
  await Promise.all([page.waitForNavigation(), page.click('#reports a')]);
  expect(await page.$eval('h1', (h) => h.textContent)).toBe('Failure Scenarios Test Results');
  await page.close();
});

test.each(['/reports/..%2F..%2Fetc', '/reports/gd-9', '/dashboards/other', '/page.ts'])(
  'there is no %s',
  async (path) => {
    expect((await fetch(new URL(path, url))).status).toBe(404);
  },
);

test('whoever calls it by another name gets nothing', async () => {
  // fetch() does not let its caller choose the name.
  const status = await new Promise((resolve, reject) => {
    request(new URL('/state', url), { headers: { host: 'rebound.example:4580' } }, (r) =>
      resolve(r.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
});

test('the reports of a folder, the latest first; a folder that is not there has none', () => {
  expect(reportsIn(folder).map((r) => r.id)).toEqual(['gd-0']);
  expect(reportsIn(join(folder, 'nothing'))).toEqual([]);
});
