import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { livingOperators } from '../run/operator-file.ts';
import { repository } from '../setup/setup.ts';
import { pageFiles } from './page-files.ts';
import { dashboardServer } from './server.ts';
import { shownNow } from './shown-now.ts';

/** `npm run dashboard`: the deployed dashboards with the emulator's own metrics, runs and reports, on loopback alone. */
const usualPort = 4580;

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It has to be 0 to 65535.');
  return port;
}

const { port, out } = new Command('npm run dashboard --')
  .description('shows the dashboards of the run that is going on on this machine, its runs and reports, in a browser')
  .addOption(new Option('-p, --port <port>', 'of the page').default(usualPort).argParser(portOf))
  .option('-o, --out <folder>', 'where reports are', 'out')
  .parse()
  .opts<{ port: number; out: string }>();

const shown = shownNow({
  living: () => livingOperators(`${repository}/.faultline/run`),
  out: resolve(out),
  now: () => systemClock.now(),
});
const server = dashboardServer(shown, await pageFiles());
try {
  process.stdout.write(`${await server.listen({ host: '127.0.0.1', port })}\n`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void server.close());
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  process.stderr.write(`port ${port} is in use: choose another one with --port\n`);
  process.exitCode = 1;
}
