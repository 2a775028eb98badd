import { type IChainable, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { FaultlineFunction } from '../functions/faultline-function.ts';
import type { RunFunctions } from './run-functions.ts';
import { catching, invoke, runId, sliced } from './steps.ts';

/**
 * How every run ends, whoever ends it: revert, stop the load, verify, keep logs and metrics, analyse, publish, release. Every step is
 * idempotent and each runs whatever became of the one before it.
 */
export function tail(scope: Construct, f: RunFunctions): IChainable {
  const released = Succeed.jsonata(scope, 'Released');
  const release = invoke(scope, 'Release', f.release, { runId }, { runId }).next(released);
  const single = (name: string, fn: FaultlineFunction, next: IChainable) => {
    const state = invoke(scope, name, fn, { runId }, { runId });
    catching(scope, state, f.recordError, next);
    return state.next(next);
  };
  const publish = single('Publish', f.publish, release);
  const analyse = single('Analyse', f.analyse, publish);
  const keepTelemetry = single('Keep telemetry', f.keepTelemetry, analyse);
  const verify = single('Verify', f.verify, keepTelemetry);
  const unload = sliced(
    scope,
    'Ensure load stopped',
    f.stopLoad,
    { runId },
    { done: verify, stop: verify },
    f.recordError,
  );
  const gone = sliced(scope, 'Ensure gone', f.proveGone, { runId }, { done: unload, stop: unload }, f.recordError);
  return single('Ensure reverted', f.revert, gone);
}
