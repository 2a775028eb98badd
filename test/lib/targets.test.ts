import { faultlineApp } from '../../lib/app.ts';
import { newOutdir, synth } from './support/synth.ts';

interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resource's properties are as many as its type has.
  Properties: any;
}

const ids = ['sample', 'two', 'a-third'];
const { core, sample } = synth('aws', { targets: ids.join(','), appOn: 'service' });
const resources = (type: string) => Object.values(sample.findResources(type)) as Resource[];
const names = (type: string, property: string) => resources(type).map((r) => r.Properties[property]);

test('each target has its own cluster, services, login and configuration, named after it', () => {
  expect(names('AWS::ECS::Cluster', 'ClusterName')).toEqual(['faultline-sample', 'faultline-two', 'faultline-a-third']);
  const services = ['app', 'database', 'cache', 'two-app', 'two-database', 'two-cache'];
  expect(names('AWS::ECS::Service', 'ServiceName')).toEqual(expect.arrayContaining(services));
  expect(names('AWS::ServiceDiscovery::Service', 'Name')).toEqual(expect.arrayContaining(services));
  expect(names('AWS::SecretsManager::Secret', 'Name')).toEqual(ids.map((id) => `faultline/${id}/database`));
  const parameters = resources('AWS::SSM::Parameter').map((r) => [r.Properties.Name, textOf(r.Properties.Value)]);
  for (const [index, id] of ids.entries()) {
    const prefix = id === 'sample' ? '' : `${id}-`;
    expect(parameters[index]![0]).toBe(`/faultline/targets/${id}`);
    expect(parameters[index]![1]).toContain(`"id":"${id}","endpoint":"http://${prefix}app.`);
    expect(parameters[index]![1]).toContain(`"host":"${prefix}database.`);
  }
});

/** A joined text with `<...>` where CloudFormation puts something in. */
const textOf = (value: { 'Fn::Join': [string, unknown[]] }): string =>
  value['Fn::Join'][1].map((part) => (typeof part === 'string' ? part : '<...>')).join('');

test('all targets share one network and one namespace', () => {
  sample.resourceCountIs('AWS::EC2::VPC', 1);
  expect(names('AWS::ServiceDiscovery::PrivateDnsNamespace', 'Name')).toEqual(['faultline.internal']);
});

test('the databases and caches opted in to be scaled, the applications did not', () => {
  for (const { Properties } of resources('AWS::ECS::Service')) {
    const optedIn = (Properties.Tags ?? []).some(
      (tag: { Key: string; Value: string }) => tag.Key === 'faultline:opt-in' && tag.Value === 'true',
    );
    expect([Properties.ServiceName, optedIn]).toEqual([Properties.ServiceName, !/app$/.test(Properties.ServiceName)]);
  }
});

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** The resources of each statement that allows `action`, by the policy's logical id. */
function allowing(action: string): [string, unknown[]][] {
  return Object.entries(core.findResources('AWS::IAM::Policy')).flatMap(([id, policy]) =>
    (policy.Properties.PolicyDocument.Statement as Statement[])
      .filter((s) => [s.Action].flat().includes(action))
      .map((s): [string, unknown[]] => [id, [s.Resource].flat()]),
  );
}

test('a function may look at every service and scale those that opted in, and read the logins of all targets', () => {
  const describing = allowing('ecs:DescribeServices');
  const steps = ['Inject', 'Prepare', 'ProveGone', 'ProveLanded', 'Revert'];
  expect(describing.map(([id]) => id.replace(/^(Steps)?(\w+)RoleDefault.*$/, '$2')).sort()).toEqual(
    ['ApiFunction', 'SchedulesDeliverFunction', ...steps].sort(),
  );
  const reading = allowing('secretsmanager:GetSecretValue').filter(([id]) => id.startsWith('Steps'));
  expect(reading.map(([id]) => id.replace(/^Steps(\w+)RoleDefault.*$/, '$1')).sort()).toEqual(
    ['Inject', 'Observe', 'ProveGone', 'ProveLanded', 'Revert'].sort(),
  );
  for (const [, arns] of reading) expect(arns).toHaveLength(ids.length);
});

test("each target has a task that may block its database, with that database's login alone", () => {
  const definitions = Object.values(core.findResources('AWS::ECS::TaskDefinition')) as Resource[];
  const blocking = definitions.filter((d) => d.Properties.Family.startsWith('faultline-slow-query'));
  expect(blocking.map((d) => d.Properties.Family)).toEqual(ids.map((id) => `faultline-slow-query-${id}`));
  const logins = blocking.map((d) => JSON.stringify(d.Properties.ContainerDefinitions[0].Secrets));
  expect(new Set(logins).size).toBe(ids.length);
  const [taskRole, ...others] = [...new Set(blocking.map((d) => d.Properties.TaskRoleArn['Fn::GetAtt'][0]))];
  expect(others).toEqual([]);
  const policies = Object.values(core.findResources('AWS::IAM::Policy')) as Resource[];
  expect(policies.flatMap((p) => p.Properties.Roles.map((r: { Ref: string }) => r.Ref))).not.toContain(taskRole);
});

test('a function reads a target by its id below the one path, and no other parameter', () => {
  const readers = allowing('ssm:GetParameter');
  for (const [, arns] of readers) {
    expect(arns.map((arn) => textOf(arn as never))).toEqual([
      'arn:<...>:ssm:us-east-1:<...>:parameter/faultline/targets/*',
    ]);
  }
  const functions = Object.values(core.findResources('AWS::Lambda::Function')) as Resource[];
  const told = functions.filter((f) => f.Properties.Environment?.Variables?.TARGETS_PATH === '/faultline/targets/');
  expect(told.length).toBeGreaterThanOrEqual(readers.length);
  expect(readers.length).toBeGreaterThan(15);
});

/** As long as what CloudFormation makes of a template's value: every reference becomes an ARN or a name. */
function rendered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rendered);
  if (typeof value !== 'object' || value === null) return value;
  const of = value as Record<string, unknown>;
  if (of['Fn::Join']) return ((of['Fn::Join'] as [string, unknown[]])[1].map(rendered) as string[]).join('');
  if (of.Ref === 'AWS::Partition') return 'aws';
  if (of.Ref === 'AWS::AccountId') return '111122223333';
  if (of['Fn::ImportValue']) return 'n'.repeat(45);
  if (of.Ref || of['Fn::GetAtt']) return 'a'.repeat(100);
  return Object.fromEntries(Object.entries(of).map(([key, one]) => [key, rendered(one)]));
}

test('twelve targets fit in what a role may hold', () => {
  const many = synth('aws', {
    targets: Array.from({ length: 12 }, (_, n) => `of-the-team-number-${n + 10}`).join(','),
  });
  const sizes = Object.values(many.core.findResources('AWS::IAM::Policy')).map(
    ({ Properties }) => JSON.stringify(rendered(Properties.PolicyDocument)).length,
  );
  expect(Math.max(...sizes)).toBeGreaterThan(12 * 100);
  expect(Math.max(...sizes)).toBeLessThan(10_240);
});

test.each([
  ['', /Invalid string/],
  ['Sample', /Invalid string/],
  ['one,one', /there twice/],
  ['load', /load generator/],
  ['slow-query', /a fault's/],
])('the targets "%s" are refused', (targets, reason) => {
  const app = () => faultlineApp({ context: { 'aws:cdk:bundling-stacks': [], targets }, outdir: newOutdir() });
  expect(app).toThrow(reason);
});

test('an application that could not be on a managed host is a service, and its target says why', () => {
  const [value] = Object.values(synth('aws', { hostless: 'no Debian' }).sample.findResources('AWS::SSM::Parameter'));
  expect(textOf((value as Resource).Properties.Value)).toContain('"hostless":"no Debian"');
});

test('an application on a managed host is no service, has the same name, and its target says how the host is found', () => {
  const onHost = synth('aws', { targets: 'sample,two', appOn: 'host' }).sample;
  const services = Object.values(onHost.findResources('AWS::ECS::Service')) as Resource[];
  expect(services.map((s) => s.Properties.ServiceName).sort()).toEqual([
    'cache',
    'database',
    'two-cache',
    'two-database',
  ]);
  const values = Object.values(onHost.findResources('AWS::SSM::Parameter')) as Resource[];
  const texts = values.map((r) => textOf(r.Properties.Value));
  expect(texts[0]).toContain('"endpoint":"http://app.faultline.internal:8000"');
  expect(texts[1]).toContain('"endpoint":"http://two-app.faultline.internal:8000"');
  for (const [index, id] of ['sample', 'two'].entries()) {
    const hosts = { tag: { key: 'faultline:target', value: id }, process: { name: 'sample-app' } };
    expect(texts[index]).toContain(`"hosts":${JSON.stringify(hosts)}`);
  }
  for (const r of resources('AWS::SSM::Parameter')) expect(textOf(r.Properties.Value)).not.toContain('"hosts"');
});
