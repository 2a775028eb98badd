/** Application Auto Scaling, which the emulator lacks altogether: it neither knows its calls nor authorizes them. */
export const autoScalingTarget = /^AnyScaleFrontendService\.(\w+)$/;

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** No service here has auto scaling: that is what is answered, and nothing can be registered. */
export function answerAutoScaling(operation: string): Answer {
  if (operation === 'DescribeScalableTargets') return { status: 200, body: { ScalableTargets: [] } };
  return {
    status: 400,
    body: { __type: 'ValidationException', message: `${operation}: services of the local stack have no auto scaling` },
  };
}
