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
const measuredSeconds = 6;

/** What the recorder costs a worker: the sample's users with the plug-in and without it, turn by turn. */
export const recorderCost = defineBenchmark({
  ids: {
    'recorder-cost': {
      unit: '×',
      goal: { at: 'most', value: 1.05 },
      what: `CPU time of a worker a request with the plug-in over plain Locust's, the median of ${pairs} pairs`,
    },
  },
  async run({ signal, progress }) {
    const server = await AnsweringServer.start();
    try {
      const seen: { withPlugin: number; plain: number; ratio: number }[] = [];
      for (let i = 0; i < pairs; i++) {
        progress(`pair ${i + 1} of ${pairs}`);
        // Each comes first as often as the other, but for one.
        const order = i % 2 === 0 ? [true, false] : [false, true];
        const cost = new Map<boolean, number>();
        for (const plugin of order) cost.set(plugin, await microsecondsOfARequest(server, plugin, signal));
        const [withPlugin, plain] = [cost.get(true)!, cost.get(false)!];
        seen.push({ withPlugin, plain, ratio: withPlugin / plain });
      }
      const ratios = seen.map((s) => s.ratio).sort((a, b) => a - b);
      return { 'recorder-cost': { value: median(ratios)!, detail: { interval: intervalOfMedian(ratios), seen } } };
    } finally {
      await server.stop();
    }
  },
});

/** CPU microseconds of both workers, in the midst of the load, over the requests that the server got meanwhile. */
async function microsecondsOfARequest(server: AnsweringServer, plugin: boolean, signal: AbortSignal): Promise<number> {
  const file = join(locustFolder, 'sample', 'locustfile.py');
  const before = server.requests;
  const run = await LocustRun.start({ file, host: server.url, users, workers, plugin });
  try {
    // Every user has asked, and the caches of the interpreter are warm.
    await run.until('all users', () => server.requests - before > 3 * users, 60);
    const used = () => sum(run.workers.map((w) => cpuTime(w.pid)));
    const [cpu, requests, at] = [used(), server.requests, systemClock.now()];
    await sleep(measuredSeconds * 1000, undefined, { signal });
    const cost = (used() - cpu) / (server.requests - requests);
    const rate = (server.requests - requests) / (systemClock.now() - at);
    if (rate < 0.8 * users) throw new Error(`${users} users asked only ${rate.toFixed(0)} times a second`);
    return cost * 1e6;
  } finally {
    await run.remove();
  }
}

/**
 * Between which the median of what the pairs are drawn from lies, of values in ascending order: the second and the
 * second to last of nine do so with 96 % (the sign test's interval).
 */
const intervalOfMedian = (ratios: readonly number[]) => ({ low: ratios[1], high: ratios.at(-2), confidence: 0.96 });
