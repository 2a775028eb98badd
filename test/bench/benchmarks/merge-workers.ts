import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sum } from '../../../lambdas/analysis/robust.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { generatorReportSchema } from '../../../lambdas/evidence/window.ts';
import { LocustRun, locustFolder } from '../../infra/locust/locust-run.ts';
import { faultlinePython } from '../../support/python.ts';
import { end } from '../../support/services.ts';
import { defineBenchmark } from '../benchmark.ts';
import { cpuTime } from '../truth/cpu-time.ts';

const sizes = [100, 200, 400, 800] as const;
/** What a worker of the sample has: 100 users on two workers, each asking once a second. */
const requestsOfAWorker = 50;
const measuredSeconds = 10;
const fullCore = 0.8;

/** How many workers one master can have: a real master with the plug-in, and programs that report as workers do. */
export const mergeWorkers = defineBenchmark({
  ids: {
    'merge-workers': {
      unit: 'workers',
      goal: { at: 'least', value: 200 },
      what: `workers reporting ${requestsOfAWorker} requests each second that one master merges within ${fullCore * 100} % of a core; ${sizes.at(-1)} are tried`,
    },
  },
  async run({ signal, progress }) {
    const measured: Measured[] = [];
    for (const workers of sizes) {
      progress(`${workers} workers`);
      measured.push(await masterOf(workers, signal));
      if (measured.at(-1)!.core > fullCore) break;
    }
    return { 'merge-workers': { value: workersAt(fullCore, measured), detail: measured } };
  },
});

interface Measured {
  workers: number;
  /** CPU seconds of the master a second. */
  core: number;
  requests: number;
  lagMaxMs: number;
}

/** @throws Error when the master's windows do not hold what the workers sent */
async function masterOf(workers: number, signal: AbortSignal): Promise<Measured> {
  const file = join(import.meta.dirname, '..', 'truth', 'steady_users.py');
  const env = { FAULTLINE_EXPECTED_WORKERS: String(workers), FAULTLINE_MAX_SECONDS: '120' };
  const options = { file, host: 'http://127.0.0.1:9', users: workers * requestsOfAWorker, workers: 0, env };
  const run = await LocustRun.start(options, workers);
  const many = new ManyWorkers(run.port, workers);
  try {
    await many.says('reporting', signal);
    await sleep(2000, undefined, { signal });
    const [cpu, at] = [cpuTime(run.master.pid), systemClock.now()];
    await sleep(measuredSeconds * 1000, undefined, { signal });
    const core = (cpuTime(run.master.pid) - cpu) / (systemClock.now() - at);
    run.master.kill('SIGTERM');
    await run.ended();
    const sent = await many.says('sent', signal);
    const { windows, master } = generatorReportSchema.parse(JSON.parse(run.object('generator.json')));
    const held = sum(run.jsonLines('windows').flatMap((w) => w.cells.map((c: { count: number }) => c.count)));
    if (held !== sent || windows.requests !== sent) {
      throw new Error(
        `${workers} workers sent ${sent} requests; the windows hold ${held}, the report ${windows.requests}`,
      );
    }
    return { workers, core, requests: held, lagMaxMs: master.lagMaxMs };
  } finally {
    await many.stop();
    await run.remove();
  }
}

class ManyWorkers {
  private readonly child: ChildProcess;
  private said = '';

  constructor(port: number, count: number) {
    const program = join(import.meta.dirname, '..', 'truth', 'many_workers.py');
    this.child = spawn(faultlinePython(), [program, String(port), String(count), String(requestsOfAWorker)], {
      env: { PATH: process.env.PATH, PYTHONPATH: locustFolder, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk) => {
        this.said += chunk;
      });
    }
  }

  /** Waits for a line with this figure. */
  async says(name: string, signal: AbortSignal): Promise<number> {
    const limit = systemClock.now() + 60;
    for (;;) {
      const found = new RegExp(`"${name}": (\\d+)`).exec(this.said);
      if (found) return Number(found[1]);
      if (systemClock.now() > limit || this.child.exitCode) throw new Error(`not '${name}' but: ${this.said}`);
      await sleep(50, undefined, { signal });
    }
  }

  stop = (): Promise<void> => end(this.child, 'SIGKILL');
}

/** Between the two sizes around it, on a straight line; the largest size where even that needs less. */
function workersAt(core: number, measured: readonly Measured[]): number {
  const above = measured.findIndex((m) => m.core > core);
  if (above === -1) return measured.at(-1)!.workers;
  const [from, to] = [measured[above - 1] ?? { workers: 0, core: 0 }, measured[above]!];
  return Math.floor(from.workers + ((core - from.core) / (to.core - from.core)) * (to.workers - from.workers));
}
