import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { repository } from '../../../infra/local/setup/setup.ts';
import { guestTest } from '../../infra/local/host/guest-test.ts';
import { freePort } from '../../support/services.ts';

/** As after a clone, but for what takes long to fetch and is the same for all; containers here see no folder below /tmp. */
const folder = join(repository, '.faultline', `fresh-${process.pid}`);
const sources = ['bin', 'infra', 'lambdas', 'lib', 'cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'];
const fetched = ['node_modules', '.faultline/packages.stamp', '.faultline/venv'];

beforeEach(() => {
  mkdirSync(join(folder, '.faultline'), { recursive: true });
  for (const path of sources) cpSync(join(repository, path), join(folder, path), { recursive: true });
  for (const path of fetched) symlinkSync(join(repository, path), join(folder, path));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

guestTest(
  'the first run in a folder has the managed host that its own set-up made, so that scenarios on hosts are among its runs',
  async () => {
    const env = { ...process.env, FAULTLINE_PORT: String(await freePort()) };
    const command = ['start', '--silent', '--', '--dry-run', '--json', '--scenario', 'cpu-saturation'];
    // One that hangs is ended before the folder is taken from under it.
    const run = spawn('npm', command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 150_000 });
    const [out, told] = await Promise.all([text(run.stdout), text(run.stderr)]);
    expect(told).toMatch(/managed host: its packages.*Managed host: 198\.18\.\d+\.\d+, booted in/s);
    expect(JSON.parse(out)).toMatchObject({
      wouldTouch: [{ scenario: 'cpu-saturation', touches: [{ kind: 'host' }] }],
      inapplicable: [],
      refusals: [],
    });
  },
  180_000,
);
