import { Duration } from 'aws-cdk-lib';
import {
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  PeriodOverride,
  TextWidget,
  type YAxisProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardNames, liveMetricNames as names } from '../../lambdas/dashboards/metric-names.ts';
import { phaseNames } from '../../lambdas/runs/run.ts';
import { watchedPhases } from '../../lambdas/watch/watch.ts';
import { liveLines } from './metrics.ts';

/** A run while it is going on, second by second: what its users see, what the target says of itself, and the phase. */
export class LiveDashboard extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: dashboardNames.live,
      defaultInterval: Duration.minutes(15),
      // As said, and not as the length of what is shown suggests.
      periodOverride: PeriodOverride.INHERIT,
    });
    dashboard.addWidgets(
      graph('Phase', [liveLines(names.phase, '', 'Maximum')], 12, { max: phaseNames.length - 1 }),
      new TextWidget({ markdown: legend, width: 12, height: 6 }),
    );
    dashboard.addWidgets(
      graph('Requests a second', [liveLines(names.requestRate, '')]),
      graph('Failed requests, percent', [liveLines(names.errorRate, '')], 8, { max: 100 }),
      graph('Response time, ms', [
        liveLines(names.p50, 'p50'),
        liveLines(names.p95, 'p95', 'Maximum'),
        liveLines(names.p99, 'p99', 'Maximum'),
      ]),
    );
    dashboard.addWidgets(
      graph('Health check answers 200', [liveLines(names.healthy, '', 'Minimum')], 8, { max: 1 }),
      graph('Connection pool', [
        liveLines(names.poolInUse, 'in use'),
        liveLines(names.poolWaiting, 'waiting'),
        liveLines(names.queueLength, 'queue'),
      ]),
      graph('Cache hits, percent of look-ups', [liveLines(names.cacheHitRate, '')], 8, { max: 100 }),
    );
    dashboard.addWidgets(
      graph(
        'Host under most pressure, percent',
        [liveLines(names.hostCpu, 'CPU', 'Maximum'), liveLines(names.hostMemory, 'memory', 'Maximum')],
        12,
        { max: 100 },
      ),
      graph('Users', [liveLines(names.users, '', 'Maximum')], 12),
    );
  }
}

function graph(title: string, left: IMetric[], width = 8, axis: YAxisProps = {}): IWidget {
  return new GraphWidget({
    title,
    width,
    left,
    period: Duration.seconds(1),
    leftYAxis: { min: 0, showUnits: false, ...axis },
  });
}

const legend = [
  '### Phase',
  watchedPhases.map((phase) => `**${phaseNames.indexOf(phase)}** ${phase}`).join(', '),
  '',
  'One line for each target. Values are of single seconds and kept so for three hours; they come every five seconds while',
  'a run is watched, those of a host about ten seconds later. Percentiles are of the requests that ended in a second.',
].join('\n');
