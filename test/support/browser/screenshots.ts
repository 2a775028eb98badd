import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from './chromium.ts';
import { openPage, type Scheme, type Screen, screens } from './look.ts';

/** `node test/support/browser/screenshots.ts <page or address> <folder>`: the page on a telephone and on a desk, light and dark. */
const [, , what, folder] = process.argv;
if (!what || !folder) {
  process.stderr.write('usage: screenshots.ts <report.html or http address> <folder>\n');
  process.exit(2);
}
const url = /^https?:/.test(what) ? what : pathToFileURL(resolve(what)).href;
mkdirSync(folder, { recursive: true });
const browser = await openBrowser();
try {
  for (const screen of Object.keys(screens) as Screen[]) {
    for (const scheme of ['light', 'dark'] satisfies Scheme[]) {
      const { page, problems } = await openPage(browser, url, screen, scheme);
      const path = join(folder, `${screen}-${scheme}.png`) as `${string}.png`;
      await page.screenshot({ path, fullPage: true });
      process.stdout.write(`${path}${problems.map((p) => `\n  ${p}`).join('')}\n`);
      await page.close();
    }
  }
} finally {
  await browser.close();
}
