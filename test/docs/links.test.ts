import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../../infra/local/setup/setup.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'));
const textOf = (path: string) => readFileSync(join(repository, path), 'utf8');

/** Anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (path: string) =>
  [...textOf(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );

/** Links of a page that lead nowhere. */
function broken(page: string): string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file, anchor] = link.split('#');
    const path = file ? join(dirname(page), file) : page;
    if (!existsSync(join(repository, path))) return true;
    return anchor !== undefined && anchor !== '' && !anchorsOf(path).includes(anchor);
  });
}

test.each(pages)('every link of %s leads somewhere', (page) => {
  expect(broken(page)).toEqual([]);
});
