import { CloudWatchClient, PutDashboardCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { Dashboards } from '../../../../infra/local/dashboard/cloudwatch.client.ts';
import { evaluate } from '../../../../infra/local/dashboard/evaluate.ts';
import { metricNamespace } from '../../../../lambdas/dashboards/metric-names.ts';
import { liveMetrics } from '../../../../lambdas/watch/live-metrics.ts';
import { aWindow } from '../../../lambdas/support/run.ts';
import { type Store, startStore } from '../../../lambdas/support/store.ts';

let store: Store;
let cloudwatch: CloudWatchClient;
beforeAll(async () => {
  store = await startStore();
  cloudwatch = new CloudWatchClient(store.config);
}, 40_000);
afterAll(() => store.stop());

test('what a run publishes second by second is what its dashboard shows', async () => {
  const dashboards = new Dashboards(store.config);
  expect(await dashboards.names()).toEqual([]);
  const expression = `SEARCH('{Faultline,Target} MetricName="RequestRate"', 'Average', 1)`;
  const widget = {
    type: 'metric',
    width: 8,
    properties: { metrics: [[{ expression, label: `\${PROP('Dim.Target')}` }]] },
  };
  const DashboardBody = JSON.stringify({ start: '-PT5M', widgets: [widget] });
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: 'Faultline-Live', DashboardBody }));
  expect(await dashboards.names()).toEqual(['Faultline-Live']);

  const now = Math.floor(Date.now() / 1000);
  const windows = [3, 2, 1].map((ago) => aWindow(now - ago, { requests: 10 * ago }));
  for (const target of ['blog', 'shop']) {
    const MetricData = liveMetrics(target, { windows, samples: [], hosts: [] });
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData }));
  }
  const { widgets } = await evaluate('Faultline-Live', dashboards, now);
  expect(widgets[0]).toMatchObject({ kind: 'lines', axis: { start: now - 300, step: 1, points: 300 } });
  const { series } = widgets[0] as Extract<(typeof widgets)[number], { kind: 'lines' }>;
  expect(series.map((s) => s.name).sort()).toEqual(['blog', 'shop']);
  for (const { values } of series) {
    expect(values.slice(-3)).toEqual([30, 20, 10]);
    expect(values.slice(0, -3).every((v) => v === null)).toBe(true);
  }
});
