import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../../lambdas/analysis/robust.ts';
import { defineBenchmark } from '../benchmark.ts';
import { type Analysed, analyseIn, bundledAnalysis, writeEvidence } from '../truth/analysis-process.ts';
import { longRun } from '../truth/long-run.ts';

const sizes = [900, 1800, 3600] as const;
const series = 20;
const times = 5;
const megabytes = 256;

/** What a long run's analysis takes, each time in a process of its own. */
export const analysisCost = defineBenchmark({
  ids: {
    'analysis-cost': {
      unit: 's',
      goal: { at: 'most', value: 10 },
      what: `${sizes.at(-1)} windows of ${series} series each read and analysed, the slowest of ${times} times`,
    },
    'analysis-memory': {
      unit: 'MB',
      goal: { at: 'most', value: megabytes },
      what: 'the most memory that the process of that analysis took, all of it, with the limits of a Lambda of that size',
    },
    'analysis-growth': {
      unit: '×',
      goal: { at: 'most', value: 1.5 },
      what: `the CPU time that a window more costs from ${sizes[1]} to ${sizes[2]}, over what it costs from ${sizes[0]} to ${sizes[1]}: 1 is linear`,
    },
  },
  async run({ signal, progress }) {
    const folder = mkdtempSync(join(tmpdir(), 'faultline-analysis-'));
    try {
      const program = await bundledAnalysis(join(folder, 'analyse.mjs'));
      const measured = new Map<number, Analysed[]>(sizes.map((size) => [size, []]));
      const runIds = new Map(sizes.map((size) => [size, write(size, join(folder, String(size)))]));
      for (let i = 0; i < times; i++) {
        for (const size of sizes) {
          progress(`${size} windows, ${i + 1} of ${times}`);
          measured
            .get(size)!
            .push(await analyseIn(program, megabytes, join(folder, String(size)), runIds.get(size)!, signal));
        }
      }
      return figures(measured);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});

function write(size: number, folder: string): string {
  return writeEvidence(longRun(size, series), folder);
}

function figures(measured: ReadonlyMap<number, readonly Analysed[]>) {
  const bySize = sizes.map((size) => {
    const all = measured.get(size)!;
    const seconds = all.map((a) => a.seconds);
    return {
      windows: size,
      verdict: all[0]!.verdict,
      median: median(seconds)!,
      slowest: Math.max(...seconds),
      cpuSeconds: median(all.map((a) => a.cpuSeconds))!,
      megabytes: Math.max(...all.map((a) => a.megabytes)),
    };
  });
  const [small, middle, large] = bySize.map((s) => s.cpuSeconds) as [number, number, number];
  const aMore = (from: number, to: number, i: number) => (to - from) / (sizes[i + 1]! - sizes[i]!);
  const detail = { series, times, bySize };
  return {
    'analysis-cost': { value: bySize.at(-1)!.slowest, detail },
    'analysis-memory': { value: bySize.at(-1)!.megabytes, detail },
    'analysis-growth': { value: aMore(middle, large, 1) / aMore(small, middle, 0), detail },
  };
}
