import { loadTask } from '../../infra/cost/cost.ts';
import { historyEvents, invocations, longestPlan, usualPlan } from '../../infra/cost/run-plan.ts';
import { documents } from '../../infra/ssm/documents.ts';
import { liveMetricNames } from '../../lambdas/dashboards/metric-names.ts';
import { pollSeconds } from '../../lambdas/load/load.ts';
import { longestSeconds, waitLimits } from '../../lambdas/runs/run.ts';
import { availableScenarios } from '../../lambdas/scenarios/registry.ts';
import type { Scenario } from '../../lambdas/scenarios/scenario.ts';
import { hostEndpoints, interfaceEndpoints } from '../../lib/network/endpoints.ts';
import { BareHost } from '../infra/ssm/bare-host.ts';
import { aRun } from '../lambdas/support/run.ts';
import { expectInDocs, table } from '../support/docs.ts';
import { machineNamed, nested } from './support/machine.ts';
import { synth } from './support/synth.ts';

const { core, load, dashboards, sample, documents: documentsStack } = synth('aws', { workers: '200' });
const workers = 200;

/** Repetitions that one task may have, each with three more events (scheduled, started, failed): see scenario-machine/steps.ts. */
const repetitions = { most: 4 + 2, events: 3 };

const most = (values: number[]) => Math.max(...values);
const ofScenarios = (value: (scenario: Scenario) => number) => most(availableScenarios.map(value));
const templates = [core, load, dashboards, sample, documentsStack!];

interface Quota {
  what: string;
  source: string;
  limit: number;
  unit: string;
  /** At the full profile, whatever the workers; or what changes with them. */
  full: number;
  at200: number;
  /** Of quotas that have to be asked for. */
  asked?: boolean;
}

const same = (value: number) => ({ full: value, at200: value });
const stepFunctions = 'https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html';
const ecs = 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html';
const lambda = 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html';
const ssm = 'https://docs.aws.amazon.com/general/latest/gr/ssm.html';
const cloudFormation = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html';

const timeouts = Object.values(core.findResources('AWS::Lambda::Function')).map(
  (f) => (f.Properties.Timeout as number) ?? 3,
);
const definitions = availableScenarios.map(({ id }) => JSON.stringify(machineNamed(core, `faultline-${id}`)).length);
const [reaper] = Object.values(core.findResources('AWS::Scheduler::Schedule'));

/** A run as it is kept: with its target's configuration, which is at most what a parameter may hold. */
const runItem = JSON.stringify(aRun({ target: {} as never })).length + 8192;

/** Two lists and a description, each a hundred tasks a page. */
const looks = (count: number) => (3 * Math.ceil((count + 1) / 100)) / pollSeconds(count);

const quotas: Quota[] = [
  {
    what: 'events in the history of a run that takes as long as usual',
    source: stepFunctions,
    limit: 25_000,
    unit: '',
    ...same(ofScenarios((s) => historyEvents(usualPlan(s, 'full')))),
  },
  {
    what: '… in which everything takes as long as it may, and every invocation is repeated as often as it may',
    source: stepFunctions,
    limit: 25_000,
    unit: '',
    ...same(
      ofScenarios((s) => {
        const p = longestPlan(s, 'full');
        return historyEvents(p) + invocations(p) * repetitions.most * repetitions.events;
      }),
    ),
  },
  {
    what: 'definition of a state machine',
    source: stepFunctions,
    limit: 1_048_576,
    unit: ' bytes',
    ...same(most(definitions)),
  },
  { what: 'longest time of a Lambda', source: lambda, limit: 900, unit: ' s', ...same(most(timeouts)) },
  { what: 'Lambdas of one run at a time (a new account has 10)', source: lambda, limit: 10, unit: '', ...same(3) },
  {
    what: 'text of an SSM document',
    source: ssm,
    limit: 65_536,
    unit: ' bytes',
    ...same(most(documents.map(({ content }) => JSON.stringify(content).length))),
  },
  {
    what: 'a run as an item of the table, its target with the largest configuration that a parameter holds',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html',
    limit: 409_600,
    unit: ' bytes',
    ...same(runItem),
  },
  {
    what: "writes of one run a second, all in its partition: the master's, merged from all workers",
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html',
    limit: 1000,
    unit: ' units',
    ...same(4),
  },
  {
    what: 'age at which Scheduler gives up an event of the reaper (it would retry for a day)',
    source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html',
    limit: 86_400,
    unit: ' s',
    ...same(reaper!.Properties.Target.RetryPolicy.MaximumEventAgeInSeconds),
  },
  { what: 'tasks started by one RunTask', source: ecs, limit: 10, unit: '', full: 2, at200: 10 },
  {
    what: 'seconds in which Fargate has to have started them (20 a second after a burst of 100, then 90 s for image and network)',
    source: ecs,
    limit: waitLimits.startLoad,
    unit: ' s',
    full: 90,
    at200: 90 + Math.ceil((workers + 1 - 100) / 20),
  },
  {
    what: 'Fargate vCPUs (a new account has 6; ask for more)',
    source: ecs,
    limit: 6,
    unit: '',
    full: 3 * loadTask.vcpu,
    at200: (workers + 1) * loadTask.vcpu,
    asked: true,
  },
  {
    what: 'calls a second to ECS while the load starts and stops',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html',
    limit: 20,
    unit: '',
    full: looks(2),
    at200: looks(workers),
  },
  {
    what: 'metrics in one PutMetricData',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html',
    limit: 1000,
    unit: '',
    ...same(Object.keys(liveMetricNames).length * 60),
  },
  {
    what: 'seconds of a sampler on a host',
    source: 'infra/ssm/sampler.yaml',
    limit: 7200,
    unit: ' s',
    ...same(ofScenarios((s) => longestSeconds(s.seconds.full))),
  },
  {
    what: 'resources of a stack',
    source: cloudFormation,
    limit: 500,
    unit: '',
    ...same(most(templates.map((t) => Object.keys(t.toJSON().Resources).length))),
  },
  {
    what: 'template of a stack',
    source: cloudFormation,
    limit: 1_000_000,
    unit: ' bytes',
    ...same(most(templates.map((t) => JSON.stringify(t.toJSON()).length))),
  },
  {
    what: 'interface endpoints of a VPC',
    source: 'https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html',
    limit: 50,
    unit: '',
    ...same(Object.keys({ ...interfaceEndpoints, ...hostEndpoints }).length),
  },
];

const number = (value: number) => value.toLocaleString('en-US');

test('docs/quotas.md has each quota with what a run takes of it (UPDATE_DOCS=1 writes it)', () => {
  const rows = quotas.map(({ what, source, limit, unit, full, at200, asked }) => [
    source.startsWith('http') ? `[${what}](${source})` : what,
    `${number(limit)}${unit}`,
    `${number(full)}${unit}`,
    `${number(at200)}${unit}`,
    asked && at200 > limit ? 'ask for it' : `${number(Math.floor((1 - at200 / limit) * 100))} %`,
  ]);
  expectInDocs(
    'quotas.md',
    'quotas',
    table(['quota', 'limit', 'full profile, 2 workers', '200 workers', 'left'], rows),
  );
  const least = most(quotas.filter((q) => !q.asked).map((q) => q.at200 / q.limit));
  process.stdout.write(`quotas: ${quotas.length} computed, at most ${Math.round(least * 100)} % used at 200 workers\n`);
});

test.each(quotas)('$what is within $limit$unit', ({ limit, full, at200, asked }) => {
  expect(full).toBeLessThanOrEqual(limit);
  if (!asked) expect(at200).toBeLessThanOrEqual(limit);
});

test.each(availableScenarios)("what is counted of $id are its machine's own states", (scenario) => {
  const states = nested(machineNamed(core, `faultline-${scenario.id}`)).flatMap((machine) =>
    Object.entries(machine.States),
  );
  const invoking = states.filter(([, { Type }]) => Type === 'Task').map(([name]) => name);
  // Only after an error.
  const counted = invoking.filter((name) => !/^Note: | after failure$/.test(name));
  expect(Object.keys(usualPlan(scenario, 'full').tasks).sort()).toEqual(counted.sort());
});

test('what a host says of itself is far from what SSM cuts off', async () => {
  const host = await BareHost.start();
  try {
    const { parameters } = documents.find(({ name }) => name === 'Faultline-Status')!.content;
    const defaults = Object.entries(parameters).map(([name, parameter]) => [name, String(parameter.default)]);
    const { stdout, stderr, code } = await host.run('Faultline-Status', Object.fromEntries(defaults));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.length).toBeLessThan(24_000 / 2);
    process.stdout.write(`SSM output: ${stdout.length} of 24,000 characters\n`);
  } finally {
    await host.stop();
  }
});

test('a run that takes longer is counted with more', () => {
  for (const scenario of availableScenarios) {
    expect(historyEvents(longestPlan(scenario, 'full'))).toBeGreaterThan(historyEvents(usualPlan(scenario, 'full')));
    expect(historyEvents(usualPlan(scenario, 'full'))).toBeGreaterThan(historyEvents(usualPlan(scenario, 'quick')));
  }
});
