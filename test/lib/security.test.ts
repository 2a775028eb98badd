import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { faultlineApp } from '../../lib/app.ts';
import { acknowledged } from './acknowledged.ts';

interface Finding {
  id: string;
  path: string;
}

const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) rmSync(outdir, { recursive: true, force: true });
});

const apps: Record<string, string>[] = [
  {},
  {
    targets: 'none',
    ...{ vpc: 'vpc-0a1b2c3d', vpcCidr: '10.0.0.0/16', subnets: 'subnet-0a1b2c3d', endpoints: 'yes' },
    logins: 'orders=arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf',
    ...{ loadFrom: 'public', loadSubnets: 'subnet-0f0f0f0f', spot: 'yes' },
  },
];

/** Every finding of the AwsSolutions rules, from the report that synthesis writes. */
function findings(context: Record<string, string>): Finding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'faultline-nag-'));
  outdirs.push(outdir);
  const app = faultlineApp({ context: { 'aws:cdk:bundling-stacks': [], ...context }, outdir });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  // Findings make synthesis fail, after the report has been written.
  try {
    app.synth();
  } catch (error) {
    if ((error as Error).name !== 'ValidationFailed') throw error;
  }
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const rules = pluginReports.find((r: { pluginName: string }) => r.pluginName === 'AwsSolutions');
  return rules.violations.flatMap((v: { ruleName: string; violatingConstructs: { constructPath: string }[] }) =>
    v.violatingConstructs.map((c) => ({ id: v.ruleName, path: c.constructPath })),
  );
}

test('every finding of the AWS Solutions rules is acknowledged with a reason, and every acknowledgement is needed', () => {
  const found = apps.flatMap(findings);
  const covers = (f: Finding) => acknowledged.filter((a) => a.id.test(f.id) && a.path.test(f.path));
  const open = found.filter((f) => covers(f).length === 0);
  const idle = acknowledged.filter((a) => !found.some((f) => covers(f).includes(a)));
  expect(open).toEqual([]);
  expect(idle).toEqual([]);
  expect(found.length).toBeGreaterThan(0);
  process.stdout.write(
    `cdk-nag AwsSolutions: ${open.length} open findings, ${found.length} acknowledged, in the stacks of the sample and of own targets\n`,
  );
}, 120_000);
