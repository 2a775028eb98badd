// What runs inside a page has the browser's own names.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';
import { repository } from '../../../infra/local/setup/setup.ts';

export const screens = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } } as const;
export type Screen = keyof typeof screens;
export type Scheme = 'light' | 'dark';

export interface Opened {
  page: Page;
  /** What the page said went wrong: errors, warnings, requests that failed or were refused by its policy. */
  problems: string[];
  /** Every address that was asked for, but the page's own. */
  requests: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  screen: Screen,
  scheme: Scheme = 'light',
): Promise<Opened> {
  const page = await browser.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warn') problems.push(`console: ${m.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`error: ${(error as Error).message}`));
  page.on('requestfailed', (r) => problems.push(`request: ${r.url()} ${r.failure()?.errorText}`));
  page.on('request', (r) => {
    if (r.url() !== url) requests.push(r.url());
  });
  await page.setViewport({ ...screens[screen], deviceScaleFactor: screen === 'phone' ? 2 : 1 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await page.goto(url, { waitUntil: 'load' });
  return { page, problems, requests };
}

const axeSource = () => readFileSync(join(repository, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');

/** Violations that axe calls serious or critical, each with the first elements that have it. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // In a world of its own: the page's policy, which forbids scripts, stays in force for the page.
  await page.evaluate(axeSource());
  const { violations } = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .slice(0, 3)
          .map((n) => `${n.html.slice(0, 160)} ${n.failureSummary ?? ''}`)
          .join(' | ')}`,
    );
}

/** How far the page reaches beyond the screen to the right, px. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
