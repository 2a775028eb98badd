import type { HostSample } from '../evidence/host-sample.ts';
import type { DataClass, LedgerEntry, ReadbackEntry } from '../evidence/ledger.ts';
import type { Sample } from '../evidence/sample.ts';
import type { GeneratorReport, Window } from '../evidence/window.ts';
import type { KeptLog } from '../logs/kept-logs.ts';
import type { Run, RunEvent } from '../runs/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { KeptSignal } from '../signals/kept-signals.ts';
import type { Target } from '../target/target.ts';

/** What the report may know of the target: nothing secret. */
export interface TargetView {
  id: string;
  endpoint: string;
  rpoSeconds: Record<DataClass, number>;
  /** Where they are not the scenarios' own. */
  rtoSeconds?: Target['rtoSeconds'];
  /** How each class is named where it can be read back; a class that is missing here cannot be. */
  readback: Partial<Record<DataClass, string>>;
}

/** Everything that one run left behind. All times are epoch seconds. */
export interface Evidence {
  run: Run;
  scenario: Scenario;
  target: TargetView;
  events: RunEvent[];
  /** In any order; several slices of one second are merged. */
  windows: Window[];
  /** 1 Hz, in any order; of several samples of one second the first probe wins. */
  samples: Sample[];
  /** Of all managed hosts, in any order; empty where there are none. */
  hostSamples?: HostSample[];
  /** Of the target's log groups, the run's time; empty where its configuration names none. */
  logs?: KeptLog[];
  /** What CloudWatch had of the target's signals; empty where its configuration names none. */
  signals?: KeptSignal[];
  ledger: LedgerEntry[];
  readback: ReadbackEntry[];
  generator: GeneratorReport | null;
  /** Locust's full command line, when it is known; it stands in the task definition, not in the call. */
  locustCommand?: string;
  /** Of what made the result. */
  versions?: { faultline: string; node: string };
  /** Where the raw evidence is kept: keys in the bucket or file names. */
  evidenceKeys?: string[];
}

export const targetView = (target: Target): TargetView => ({
  id: target.id,
  endpoint: target.endpoint,
  rpoSeconds: target.rpoSeconds,
  rtoSeconds: target.rtoSeconds,
  readback: Object.fromEntries(Object.entries(target.readback).map(([c, r]) => [c, r!.label])),
});
