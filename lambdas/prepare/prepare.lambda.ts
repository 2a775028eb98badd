import { step } from '../aws/step.ts';
import { environment } from '../runs/environment.ts';
import { faultIo } from '../runs/run-context.ts';
import { prepare, prepareInput } from './prepare.ts';

export const handler = step(prepareInput, (input, shared) => {
  const { FAULTLINE_MODE, LOAD_WORKERS } = environment('FAULTLINE_MODE', 'LOAD_WORKERS');
  const record = shared.runs.callRecorder(input.runId);
  return prepare(input, shared, { mode: FAULTLINE_MODE, workers: LOAD_WORKERS }, (target) =>
    faultIo(target, shared.clock, record),
  );
});
