import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';

export class AlarmMissing extends Error {
  constructor(names: string[]) {
    super(`no CloudWatch alarm named ${names.join(', ')}: a stop condition that does not exist cannot stop anything`);
    this.name = 'AlarmMissing';
  }
}

/** Runtime access to the CloudWatch alarms that a target's owner named as stop conditions. */
export class AlarmsClient {
  private readonly cloudwatch: CloudWatchClient;

  constructor(cloudwatch: CloudWatchClient) {
    this.cloudwatch = cloudwatch;
  }

  /** Those of `names` (at most 100) that are in ALARM. @throws AlarmMissing */
  async alarming(names: string[]): Promise<string[]> {
    if (names.length === 0) return [];
    const { MetricAlarms = [], CompositeAlarms = [] } = await this.cloudwatch.send(
      new DescribeAlarmsCommand({
        AlarmNames: names,
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
        MaxRecords: 100,
      }),
    );
    const states = new Map([...MetricAlarms, ...CompositeAlarms].map((a) => [a.AlarmName, a.StateValue]));
    const missing = names.filter((name) => !states.has(name));
    if (missing.length > 0) throw new AlarmMissing(missing);
    return names.filter((name) => states.get(name) === 'ALARM');
  }
}
