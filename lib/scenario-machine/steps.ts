import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  type IChainable,
  JitterType,
  type Parallel,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { FaultlineFunction } from '../functions/faultline-function.ts';

/** `{% … %}` is JSONata: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
export const runId = '{% $states.input.runId %}';

/** A state that invokes a Lambda, with a time-out longer than the Lambda's own. */
export function invoke(
  scope: Construct,
  name: string,
  fn: FaultlineFunction,
  payload: Record<string, unknown> | string,
  outputs: Record<string, unknown>,
): LambdaInvoke {
  const state = LambdaInvoke.jsonata(scope, name, {
    lambdaFunction: fn,
    payload: typeof payload === 'string' ? TaskInput.fromText(payload) : TaskInput.fromObject(payload),
    outputs,
    taskTimeout: Timeout.duration((fn.timeout ?? Duration.seconds(90)).plus(Duration.seconds(30))),
    retryOnServiceExceptions: false,
  });
  state.addRetry({
    errors: [
      'Lambda.ServiceException',
      'Lambda.AWSLambdaException',
      'Lambda.SdkClientException',
      'Lambda.TooManyRequestsException',
      'ThrottlingException',
      'ProvisionedThroughputExceededException',
      'RequestLimitExceeded',
    ],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: 4,
    jitterStrategy: JitterType.FULL,
  });
  // The function's process was killed or ran out of time: every step may be repeated.
  state.addRetry({
    errors: ['Lambda.Unknown', 'Sandbox.Timedout', 'Runtime.ExitError'],
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxAttempts: 2,
    jitterStrategy: JitterType.FULL,
  });
  return state;
}

export interface Next {
  done: IChainable;
  stop: IChainable;
}

/** A step that may take several invocations: again while it answers `continue`, then on to `done` or `stop`. */
export function sliced(
  scope: Construct,
  name: string,
  fn: FaultlineFunction,
  payload: Record<string, unknown>,
  next: Next,
  recordError?: FaultlineFunction,
): IChainable {
  const state = invoke(scope, name, fn, payload, { runId, status: '{% $states.result.Payload.status %}' });
  if (recordError) catching(scope, state, recordError, next.done);
  const choice = Choice.jsonata(scope, `${name}: what next?`)
    .when(Condition.jsonata("{% $states.input.status = 'continue' %}"), state)
    .when(Condition.jsonata("{% $states.input.status = 'stop' %}"), next.stop)
    .otherwise(next.done);
  return state.next(choice);
}

/** Whatever fails in `state` is kept with the run's events, and the machine goes on to `next`. */
export function catching(
  scope: Construct,
  state: LambdaInvoke | Parallel,
  recordError: FaultlineFunction,
  next: IChainable,
): void {
  const note = invoke(
    scope,
    `Note: ${state.id}`,
    recordError,
    {
      runId,
      state: state.id,
      error: '{% $states.input.error %}',
      cause: '{% $states.input.cause %}',
    },
    { runId },
  );
  // Even when the note cannot be written, the clean-up goes on.
  note.addCatch(next as never, { outputs: { runId } });
  note.next(next);
  state.addCatch(note, {
    outputs: {
      runId,
      error: "{% $exists($states.errorOutput.Error) ? $states.errorOutput.Error : 'unknown' %}",
      cause: "{% $exists($states.errorOutput.Cause) ? $substring($states.errorOutput.Cause, 0, 4000) : '' %}",
    },
  });
}
