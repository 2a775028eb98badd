import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, sum } from '../../../lambdas/analysis/robust.ts';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { LocustRun, locustFolder } from '../../infra/locust/locust-run.ts';
import { defineBenchmark } from '../benchmark.ts';
import { AnsweringServer } from '../truth/answering-server.ts';
import { cpuTime } from '../truth/cpu-time.ts';

const pairs = 9;
/** Four times the sample's own, so that the time of a process that waits is a small part of a request's. */
const users = 400;
const workers = 2;
const measuredSeconds = 10;

/** What the recorder costs a worker: the sample's users with the plug-in and without it. */
export const recorderCost = defineBenchmark({
  ids: {
    'recorder-cost': {
      unit: '×',
      goal: { at: 'most', value: 1.05 },
      what: `CPU time of a worker a request with the plug-in over plain Locust's, the median of ${pairs} pairs`,
    },
  },
  async run({ signal, progress }) {
    const seen: Pair[] = [];
    for (let i = 0; i < pairs; i++) {
      progress(`pair ${i + 1} of ${pairs}`);
      seen.push(await pair(i % 2 === 0, signal));
    }
    const ratios = seen.map((s) => s.ratio).sort((a, b) => a - b);
    return { 'recorder-cost': { value: median(ratios)!, detail: { interval: intervalOfMedian(ratios), seen } } };
  },
});

/** CPU microseconds of a request. */
interface Pair {
  withPlugin: number;
  plain: number;
  ratio: number;
}

/** Both at once: what the machine does otherwise it does to both. Each begins first as often as the other, but for one. */
async function pair(pluginFirst: boolean, signal: AbortSignal): Promise<Pair> {
  const loads: Load[] = [];
  try {
    for (const plugin of [pluginFirst, !pluginFirst]) loads.push(await Load.start(plugin));
    for (const load of loads) await load.warm();
    const before = loads.map((load) => load.used());
    await sleep(measuredSeconds * 1000, undefined, { signal });
    const costs = loads.map((load, i) => load.costSince(before[i]!));
    const [withPlugin, plain] = (pluginFirst ? costs : costs.toReversed()) as [number, number];
    return { withPlugin, plain, ratio: withPlugin / plain };
  } finally {
    for (const load of loads) await load.remove();
  }
}

interface Used {
  at: number;
  cpuSeconds: number;
  requests: number;
}

/** Locust on a server of its own. */
class Load {
  private readonly server: AnsweringServer;
  private readonly run: LocustRun;

  private constructor(server: AnsweringServer, run: LocustRun) {
    this.server = server;
    this.run = run;
  }

  static async start(plugin: boolean): Promise<Load> {
    const server = await AnsweringServer.start();
    const file = join(locustFolder, 'sample', 'locustfile.py');
    try {
      return new Load(server, await LocustRun.start({ file, host: server.url, users, workers, plugin }));
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Every user has asked, and the caches of the interpreter are warm. */
  warm = (): Promise<void> => this.run.until('all users', () => this.server.requests > 3 * users, 60);

  used = (): Used => ({
    at: systemClock.now(),
    cpuSeconds: sum(this.run.workers.map((worker) => cpuTime(worker.pid))),
    requests: this.server.requests,
  });

  /** CPU microseconds of the workers over the requests that the server got meanwhile. */
  costSince(before: Used): number {
    const now = this.used();
    const requests = now.requests - before.requests;
    const rate = requests / (now.at - before.at);
    if (rate < 0.8 * users) throw new Error(`${users} users asked only ${rate.toFixed(0)} times a second`);
    return ((now.cpuSeconds - before.cpuSeconds) / requests) * 1e6;
  }

  async remove(): Promise<void> {
    await this.run.remove();
    await this.server.stop();
  }
}

/**
 * Between which the median of what the pairs are drawn from lies, of values in ascending order: the second and the
 * second to last of nine do so with 96 % (the sign test's interval).
 */
const intervalOfMedian = (ratios: readonly number[]) => ({ low: ratios[1], high: ratios.at(-2), confidence: 0.96 });
