import type { HostSample } from '../evidence/host-sample.ts';
import type { DataClass } from '../evidence/ledger.ts';
import type { Sample } from '../evidence/sample.ts';
import type { RunEvent } from '../runs/run.ts';
import { withSignals } from '../signals/with-signals.ts';
import { type DataLoss, dataLoss } from './data-loss.ts';
import type { Evidence } from './evidence.ts';
import { uniqueHostSamples } from './hosts.ts';
import { type LoadSecond, loadSeconds, type PhaseLoad, phaseLoad } from './load.ts';
import { type Phases, phasesOf, type Span } from './phases.ts';
import { type Recovery, recoveryOf } from './recovery.ts';
import { healthOf, samplesIn, uniqueSamples } from './samples.ts';
import { isUnsteady, type SteadyBand, steadyBand } from './steady-state.ts';

export type Column = 'before' | 'during' | 'after';
export const columns: readonly Column[] = ['before', 'during', 'after'];

/** What was seen in one column of the report; null where the run did not get there. */
export interface ColumnFacts {
  span: Span;
  load: PhaseLoad;
  samples: Sample[];
  /** Of all hosts, in the order of time. */
  hosts: HostSample[];
}

/** The evidence in order: what metrics, behaviours, vetoes and score are computed from. */
export interface Facts extends Record<Column, ColumnFacts | null> {
  evidence: Evidence;
  phases: Phases;
  seconds: LoadSecond[];
  samples: Sample[];
  /** Of all hosts over the whole run, in the order of time. */
  hosts: HostSample[];
  band: SteadyBand | null;
  /** Why there is no band. */
  unsteady: string | null;
  recovery: Recovery;
  losses: Record<DataClass, DataLoss>;
}

export function factsOf(evidence: Evidence): Facts {
  const phases = phasesOf(evidence.run, evidence.events, evidence.scenario.fault);
  const seconds = loadSeconds(evidence.windows, phases.loadEnd ?? 0);
  const samples = withSignals(uniqueSamples(evidence.samples), evidence.signals ?? [], evidence.run.seconds.fault);
  const hosts = uniqueHostSamples(evidence.hostSamples ?? []);
  const column = (span: Span | null): ColumnFacts | null =>
    span && {
      span,
      load: phaseLoad(seconds, span),
      samples: samplesIn(samples, span),
      hosts: hosts.filter((h) => h.at >= span.start && h.at < span.end),
    };
  const before = column(phases.baseline);
  const steady = before ? steadyBand(before.load.windows, before.samples.map(healthOf)) : null;
  const band = steady && !isUnsteady(steady) ? steady : null;
  return {
    evidence,
    phases,
    seconds,
    samples,
    hosts,
    before,
    during: column(phases.fault),
    after: column(phases.after),
    band,
    unsteady: steady === null ? 'no baseline was measured' : isUnsteady(steady) ? steady.unsteady : null,
    recovery: recoveryOf({ evidence, phases, seconds, samples, hosts, band }),
    losses: dataLoss(evidence, phases),
  };
}

/** Why a column has nothing in it. */
export function missing(facts: Facts, column: Column): string {
  const { stopRequested } = facts.evidence.run;
  if (stopRequested) return `not measured: stopped${inPhase(phaseAt(facts.evidence.events, stopRequested.at))}`;
  if (column === 'during' && facts.evidence.scenario.fault && facts.phases.landedAt === null) {
    return 'not measured: the fault was not proven';
  }
  return `not measured: the run ended${inPhase(facts.phases.reached)}`;
}

/** Why there is nothing of the hosts. */
export function missingHosts({ evidence, hosts }: Facts): string {
  if (evidence.run.target.hosts === null) return 'not measured: the target has no managed host';
  const problem = evidence.events.find((e) => e.type === 'host-sampling')?.detail.problem;
  const why = problem === undefined ? '' : ` (${String(problem)})`;
  return `not measured: the host sampler delivered nothing${hosts.length > 0 ? ' of this time' : ''}${why}`;
}

const inPhase = (phase: string | null) => (phase ? ` in phase ${phase}` : '');

/** Its clean-up has phases as well, which come after the stop. */
function phaseAt(events: readonly RunEvent[], at: number): string | null {
  const begun = events.filter((e) => e.type === 'phase' && e.at <= at).sort((a, b) => a.at - b.at);
  return begun.length > 0 ? String(begun.at(-1)!.detail.phase) : null;
}
