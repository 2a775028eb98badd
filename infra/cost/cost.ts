import { liveMetricNames, resultMetricNames } from '../../lambdas/dashboards/metric-names.ts';
import type { Profile, Scenario } from '../../lambdas/scenarios/scenario.ts';
import type { Prices } from './prices.ts';
import { invocations, type RunPlan, transitions, usualPlan } from './run-plan.ts';

/** Of the load's tasks, as lib/load/load-generator.ts defines them. */
export const loadTask = { vcpu: 1, gb: 2 } as const;
/** Of every function, as lib/functions/faultline-function.ts defines it; the one that analyses has more. */
export const functionGb = 0.5;
export const analysisGb = 2;
const analysisSeconds = 10;

/** The Distributed Load Testing solution's own task, and what it advises one to carry. Sources in docs/cost.md. */
const distributedLoadTesting = { vcpu: 2, gb: 4, usersATask: 200 } as const;

/** Per second of a run, or per invocation: what the code does, see docs/cost.md for where each comes from. */
const uses = {
  /** A window and a sample of up to 2 KB each. */
  writesASecond: 4,
  /** The watch: the run, the lever, the windows and samples that are new; each lane of the observer: the run. */
  readsASecond: 12,
  putsASecond: 0.6,
  metricCallsASecond: 0.2,
  /** A function's log lines and a state machine's with its data. */
  logBytesAnInvocation: 6000,
} as const;

export interface Line {
  service: string;
  usd: number;
  /** What it is made of, in words. */
  of: string;
}

export interface RunCost {
  scenario: Scenario['id'];
  minutes: number;
  lines: Line[];
  usd: number;
  /** The same with AWS' own tools. */
  elsewhere: { fis: number; load: number };
}

/** What one run costs at most, by service. Recovery is counted with its whole limit. */
export function runCost(scenario: Scenario, profile: Profile, workers: number, { prices }: Prices): RunCost {
  const plan = usualPlan(scenario, profile);
  const { seconds } = plan;
  const usd = (name: keyof Prices['prices'], amount: number) => amount * prices[name].usd;
  const tasks = workers + 1;
  const taskHours = (tasks * Math.max(60, seconds)) / 3600;
  const lambdaSeconds = busySeconds(plan);
  const metrics = Object.keys(liveMetricNames).length + Object.keys(resultMetricNames).length;
  const lines: Line[] = [
    {
      service: 'Fargate',
      usd: usd('fargateVcpuHour', taskHours * loadTask.vcpu) + usd('fargateGbHour', taskHours * loadTask.gb),
      of: `${tasks} tasks of ${loadTask.vcpu} vCPU and ${loadTask.gb} GB for ${seconds} s`,
    },
    {
      service: 'Lambda',
      usd:
        usd('lambdaGbSecond', lambdaSeconds * functionGb + analysisSeconds * analysisGb) +
        usd('lambdaRequest', invocations(plan)),
      of: `${invocations(plan)} invocations, ${lambdaSeconds} s of ${functionGb} GB, ${analysisSeconds} s of ${analysisGb} GB`,
    },
    {
      service: 'Step Functions',
      usd: usd('stateTransition', transitions(plan)),
      of: `${transitions(plan)} transitions`,
    },
    {
      service: 'DynamoDB',
      usd: usd('dynamoWrite', uses.writesASecond * seconds) + usd('dynamoRead', uses.readsASecond * seconds),
      of: `${uses.writesASecond * seconds} write and ${uses.readsASecond * seconds} read units`,
    },
    {
      service: 'S3',
      usd: usd('s3Put', uses.putsASecond * seconds) + usd('s3Get', uses.putsASecond * seconds),
      of: `${Math.round(uses.putsASecond * seconds)} objects written and read`,
    },
    {
      service: 'CloudWatch',
      usd:
        usd('metricsRequest', uses.metricCallsASecond * seconds) +
        usd('metricMonth', (metrics * Math.ceil(seconds / 3600)) / 730) +
        usd('logsGb', (invocations(plan) * uses.logBytesAnInvocation) / 1e9),
      of: `${metrics} metrics for an hour begun, ${Math.round(uses.metricCallsASecond * seconds)} calls, logs`,
    },
    { service: 'X-Ray', usd: usd('trace', invocations(plan)), of: `${invocations(plan)} traces at most` },
  ];
  return {
    scenario: scenario.id,
    minutes: seconds / 60,
    lines,
    usd: lines.reduce((sum, line) => sum + line.usd, 0),
    elsewhere: elsewhere(scenario, profile, seconds, prices),
  };
}

/** The watch and both lanes of the observer wait inside their Lambdas; the other steps take half a minute together. */
const busySeconds = ({ seconds }: RunPlan) => 3 * seconds + 30;

/**
 * The fault by FIS, whole minutes of one action, and the same load for the same time by the Distributed Load Testing
 * solution with as many of its own tasks as it advises. Neither measures RTO, RPO or behaviours.
 */
function elsewhere(
  scenario: Scenario,
  profile: Profile,
  seconds: number,
  prices: Prices['prices'],
): RunCost['elsewhere'] {
  const actionMinutes = scenario.fault ? Math.max(1, Math.round(scenario.seconds[profile].fault / 60)) : 0;
  const { vcpu, gb, usersATask } = distributedLoadTesting;
  // A leader and its workers, as theirs is.
  const tasks = Math.max(1, Math.ceil(scenario.load.users / usersATask)) + 1;
  const hours = (tasks * Math.max(60, seconds)) / 3600;
  return {
    fis: actionMinutes * prices.fisActionMinute.usd,
    load: hours * (vcpu * prices.fargateVcpuHour.usd + gb * prices.fargateGbHour.usd),
  };
}
