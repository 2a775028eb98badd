import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { dashboardNames } from '../../lambdas/dashboards/metric-names.ts';

/** The function that draws the scorecard's table: who may call it knows it by its name, as CloudWatch does. */
export const scorecardFunctionName = 'faultline-scorecard';

/** The rights to look at every dashboard of Faultline with its figures, as a person does. */
export function grantLook(scope: Construct, { grantPrincipal }: IGrantable): void {
  const scorecard = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: scorecardFunctionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  for (const statement of [
    seeing(scope, Object.values(dashboardNames)),
    // Neither has a resource to name.
    new PolicyStatement({ actions: ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'], resources: ['*'] }),
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [scorecard] }),
  ]) {
    grantPrincipal.addToPrincipalPolicy(statement);
  }
}

/** The right to see what is on the scorecard. */
export function grantSeeScorecard(scope: Construct, { grantPrincipal }: IGrantable): void {
  grantPrincipal.addToPrincipalPolicy(seeing(scope, [dashboardNames.scorecard]));
}

function seeing(scope: Construct, names: string[]): PolicyStatement {
  const resources = names.map((resourceName) =>
    Stack.of(scope).formatArn({ service: 'cloudwatch', region: '', resource: 'dashboard', resourceName }),
  );
  return new PolicyStatement({ actions: ['cloudwatch:GetDashboard'], resources });
}
