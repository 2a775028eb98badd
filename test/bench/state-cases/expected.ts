import type { Verdict } from '../../../lambdas/runs/run.ts';
import type { Case } from './cases.ts';

/** What a case has to end with. */
export interface Expected {
  /** Empty: the run never got as far as a record of itself. */
  verdicts: readonly Verdict[];
  /** `result.json` is in the bucket. */
  result: boolean;
}

const nothing: Expected = { verdicts: [], result: false };
/** The load was no load, so a run that nobody stopped and in which nothing failed is INVALID. */
const unharmed: Expected = { verdicts: ['INVALID'], result: true };
/** A state that failed is the run's own error. */
const failed: Expected = { verdicts: ['ERROR'], result: true };
const aborted: Expected = { verdicts: ['ABORTED'], result: true };
const notAnalysed: Expected = { verdicts: ['ERROR'], result: false };
/** An error that could not be noted is not known to the analysis. */
const perhapsNotNoted: Expected = { verdicts: ['ERROR', 'INVALID'], result: true };

/**
 * The load was not stopped and that could not be noted: the observers wait for an end that nobody tells them, until the
 * reaper finds that nobody conducts the run.
 */
const foundByReaper: Expected = { ...perhapsNotNoted, verdicts: [...perhapsNotNoted.verdicts, 'ABORTED'] };

const note = /(^|\/)Note: /;
const afterAnalysis = ['Publish', 'Note: Publish', 'Release', 'Released'];

/** Of a state of a scenario's machine. */
export function expectedOfScenario({ path, before, start, needsAbort }: Case): Expected {
  if (path === 'Prepare' || start.dryRun) return nothing;
  if (path === 'Analyse' || before.includes('Analyse')) return notAnalysed;
  if (afterAnalysis.includes(path)) return unharmed;
  if (needsAbort) return aborted;
  if (path.endsWith('Note: Stop load after failure')) return foundByReaper;
  return note.test(path) ? perhapsNotNoted : failed;
}

/** Of a state of the clean-up machine, in the clean-up of a run that was stopped from outside during its fault. */
export function expectedOfCleanUp({ path, before, start }: Case): Expected {
  if (start.endedRun) return unharmed;
  if (path === 'Analyse' || before.includes('Analyse')) return notAnalysed;
  return aborted;
}
