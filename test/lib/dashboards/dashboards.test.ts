import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { alarmMetricNames, liveMetricNames, resultMetricNames } from '../../../lambdas/dashboards/metric-names.ts';
import { synth } from '../support/synth.ts';

const { core, dashboards } = synth('aws');
const runbook = readFileSync('docs/runbook.md', 'utf8');

/** The body of a dashboard; what only the deployment knows is replaced by its name. */
function dashboard(name: string) {
  const [found] = Object.values(
    dashboards.findResources('AWS::CloudWatch::Dashboard', { Properties: { DashboardName: name } }),
  );
  const { DashboardBody: body } = found!.Properties;
  const text: string =
    typeof body === 'string'
      ? body
      : body['Fn::Join'][1]
          .map((p: unknown) => (typeof p === 'string' ? p : JSON.stringify(p).replace(/"/g, "'")))
          .join('');
  return { text, widgets: JSON.parse(text).widgets as { type: string; properties: Record<string, unknown> }[] };
}

test('the live dashboard has a line of each live metric, second by second, of every target that there is', () => {
  const { text, widgets } = dashboard('Faultline-Live');
  for (const metric of Object.values(liveMetricNames)) {
    expect(text).toMatch(new RegExp(`SEARCH\\('\\{Faultline,Target\\} MetricName=\\\\"${metric}\\\\"', '\\w+', 1\\)`));
  }
  expect(widgets.map((w) => w.type)).toContain('text');
  expect(text).toContain('**4** fault');
});

test('the scorecard shows what runs came to, RTO and RPO against their targets, and the latest runs in a table', () => {
  const { text, widgets } = dashboard('Faultline');
  for (const metric of Object.values(resultMetricNames)) {
    expect(text).toContain(`SEARCH('{Faultline,Target,Scenario} MetricName=\\"${metric}\\"'`);
  }
  expect(widgets[0]).toMatchObject({ type: 'custom', properties: { endpoint: expect.stringContaining('Scorecard') } });
  expect(text).toContain('"value":100,"label":"the target"');
});

test('alarms say what to do, and tell a topic that CloudWatch may publish to', () => {
  const alarms = dashboards.findResources('AWS::CloudWatch::Alarm');
  expect(
    Object.values(alarms)
      .map((a) => a.Properties.MetricName)
      .sort(),
  ).toEqual(Object.values(alarmMetricNames).sort());
  for (const { Properties } of Object.values(alarms)) {
    expect(Properties.AlarmDescription).toMatch(/What to do: docs\/runbook\.md#(missed-target|open-fault)$/);
    const [, heading] = /#(.*)$/.exec(Properties.AlarmDescription)!;
    expect(runbook.toLowerCase()).toContain(`\n### ${heading!.replace('-', ' ')}\n`);
    expect(Properties.TreatMissingData).toBe('notBreaching');
    expect(Properties.AlarmActions).toHaveLength(1);
    const topic = dashboards.findResources('AWS::SNS::Topic')[Properties.AlarmActions[0].Ref]!;
    expect(topic.Properties?.KmsMasterKeyId).toBeUndefined();
  }
});

test('metrics are published under one name by the few that have something to tell', () => {
  const allowed = core.findResources('AWS::IAM::Policy', {
    Properties: {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'cloudwatch:PutMetricData',
            Condition: { StringEquals: { 'cloudwatch:namespace': 'Faultline' } },
          }),
        ]),
      },
    },
  });
  const names = Object.keys(allowed).map((id) => id.replace(/(Role)?DefaultPolicy\w+$/, ''));
  expect(names.sort()).toEqual(['ReaperFunction', 'StepsPublish', 'StepsWatch']);
});
