import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import type { RunConfiguration } from '../../../lambdas/bundle/run-evidence.ts';

const lines = (items: readonly unknown[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');

/** The load generator's and the steps' files of a run, as they lie in the bucket before its analysis. */
export function measuredFiles({ windows, ledger, readback, generator }: Evidence): Map<string, string> {
  const half = Math.ceil(windows.length / 2);
  return new Map([
    ['windows/00000.jsonl', lines(windows.slice(0, half))],
    ['windows/00001.jsonl', lines(windows.slice(half))],
    ['ledger/00000.jsonl', lines(ledger)],
    ['readback.jsonl', lines(readback)],
    ['generator.json', JSON.stringify(generator)],
  ]);
}

/** All files of a run from which its result can be made. */
export function evidenceFiles(evidence: Evidence): Map<string, Uint8Array> {
  const { run, events, samples, scenario, hostSamples = [], locustCommand = 'locust' } = evidence;
  const configuration: RunConfiguration = {
    scenario,
    locustCommand,
    versions: { faultline: '1.2.3', node: 'v24.0.0' },
  };
  const texts = new Map([
    ...measuredFiles(evidence),
    ['run.json', JSON.stringify(run)],
    ['configuration.json', JSON.stringify(configuration)],
    ['events.jsonl', lines(events)],
    ['samples.jsonl', lines(samples)],
    ['hosts/i-0123456789abcdef0/0.jsonl', lines(hostSamples)],
  ]);
  return new Map([...texts].map(([path, text]) => [path, Buffer.from(text)]));
}
