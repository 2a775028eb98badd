import { SFNClient } from '@aws-sdk/client-sfn';
import { runStep } from '../aws/step.ts';
import { environment } from '../runs/environment.ts';
import { analyseRun } from './analyse-run.ts';
import { executionHistory } from './execution-history.client.ts';

const sfn = new SFNClient();

export const handler = runStep({}, (run) => {
  const env = environment('LOAD_COMMAND', 'FAULTLINE_VERSION', 'SCENARIO_EXECUTIONS');
  return analyseRun(run, {
    loadCommand: env.LOAD_COMMAND,
    version: env.FAULTLINE_VERSION,
    history: (of) => executionHistory(sfn, env.SCENARIO_EXECUTIONS, of),
  });
});
