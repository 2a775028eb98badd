import { stopSignal } from '../../infra/cli/stop-signal.ts';
import { terminalDisplay } from '../../infra/cli/terminal-display.ts';
import { systemClock } from '../../lambdas/aws/clock.ts';
import { type Bench, bench, exitOf } from './bench.ts';

/** This process is `npm run bench`: its arguments, its streams, its signals, its exit status. */
export async function benchProcess(what: Pick<Bench, 'benchmarks' | 'file' | 'setup'>): Promise<void> {
  const stop = stopSignal();
  try {
    process.exitCode = await bench(process.argv.slice(2), {
      ...what,
      stop,
      display: terminalDisplay(process.stderr, systemClock.now),
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
    });
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n`);
    process.exitCode = exitOf.failed;
  } finally {
    stop.dispose();
  }
  // What a benchmark did not end in time would keep the process.
  if (stop.insisted.aborted) process.exit();
}
