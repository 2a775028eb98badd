import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { hostEndpoints, interfaceEndpoints } from '../../lib/network/endpoints.ts';
import { settingsSchema } from '../../lib/settings.ts';
import { synth } from './support/synth.ts';

interface Resource {
  Type: string;
  DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resource's properties are as many as its type has.
  Properties: any;
}

const login = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf';
const ownNetwork = { targets: 'none', vpc: 'vpc-0a1b2c3d', subnets: 'subnet-0a1b2c3d' };
const aws = synth('aws');
const own = synth('aws', {
  ...ownNetwork,
  logins: `orders=${login}`,
  loadSubnets: 'subnet-0f0f0f0f',
  loadFrom: 'public',
  workers: '200',
  spot: 'yes',
  locustFile: 's3://load-tests/orders/locustfile.py',
  permissionsBoundary: 'team-boundary',
  images: 'faultline',
});
const resources = (template: Template) => (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
const all = (template: Template, type: string) => Object.values(resources(template)).filter((r) => r.Type === type);
const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'deploying.md'), 'utf8');

test('what a deployment leaves behind when it is destroyed is what the docs say, and nothing else', () => {
  const kept = [aws.core, aws.load, aws.dashboards, aws.sample, aws.documents!].flatMap((template) =>
    Object.values(resources(template))
      .filter(({ DeletionPolicy }) => DeletionPolicy?.startsWith('Retain'))
      .map(({ Type }) => Type),
  );
  const told = [...docs.matchAll(/^\| `(AWS::[\w:]+)` \|/gm)].map((match) => match[1]!);
  expect(told.length).toBeGreaterThan(0);
  expect(kept.sort()).toEqual(told.sort());
});

test('every setting has its row in the docs, and every row its setting', () => {
  const rows = [...docs.matchAll(/^\| `([a-z]\w+)` \|/gm)].map((match) => match[1]!);
  const notForAccounts = ['mode', 'hostless', 'downloadEndpoint', 'config', 'password'];
  const settings = Object.keys(settingsSchema.shape).filter((name) => !notForAccounts.includes(name));
  expect(rows.sort()).toEqual(settings.sort());
});

test('synthesis asks the account nothing', () => {
  for (const { missing } of [aws, own]) expect(missing).toEqual([]);
});

describe('the sample application on a host', () => {
  const [instance] = all(aws.sample, 'AWS::EC2::Instance');

  test('has the opt-in tag, an image by parameter, an encrypted disk and only the newer metadata service', () => {
    const tags = instance!.Properties.Tags.map((t: { Key: string; Value: string }) => `${t.Key}=${t.Value}`);
    expect(tags).toEqual(expect.arrayContaining(['faultline:opt-in=true', 'faultline:target=sample']));
    const parameter = aws.sample.toJSON().Parameters[instance!.Properties.ImageId.Ref];
    expect(parameter.Type).toBe('AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>');
    expect(instance!.Properties.BlockDeviceMappings[0].Ebs.Encrypted).toBe(true);
    const templates = all(aws.sample, 'AWS::EC2::LaunchTemplate');
    expect(templates[0]!.Properties.LaunchTemplateData.MetadataOptions.HttpTokens).toBe('required');
  });

  test('is found under the name that the target has, and its agent finds Systems Manager', () => {
    const records = all(aws.sample, 'AWS::ServiceDiscovery::Instance');
    expect(records.map((r) => r.Properties.InstanceAttributes)).toEqual([
      {
        AWS_INSTANCE_IPV4: { 'Fn::GetAtt': [expect.stringMatching(/^TargetHostInstance/), 'PrivateIp'] },
        AWS_INSTANCE_PORT: '8000',
      },
    ]);
    const names = all(aws.sample, 'AWS::ServiceDiscovery::Service').map((s) => s.Properties.Name);
    expect(names.sort()).toEqual(['app', 'cache', 'database']);
    const endpoints = all(aws.sample, 'AWS::EC2::VPCEndpoint');
    const expected = Object.keys(interfaceEndpoints).length + Object.keys(hostEndpoints).length + 2;
    expect(endpoints).toHaveLength(expected);
  });
});

test('database and cache keep their data on file systems that are encrypted and go away with the stack', () => {
  const files = all(aws.sample, 'AWS::EFS::FileSystem');
  expect(files.map((f) => [f.Properties.Encrypted, f.DeletionPolicy])).toEqual([
    [true, 'Delete'],
    [true, 'Delete'],
  ]);
});

test('each Lambda in a network has an endpoint for every service that its role may call', () => {
  const hostOf: Record<string, string | null> = {
    s3: null,
    dynamodb: null,
    ecs: 'Ecs',
    'application-autoscaling': 'ApplicationAutoScaling',
    ssm: 'Ssm',
    secretsmanager: 'SecretsManager',
    logs: 'Logs',
    cloudwatch: 'Monitoring',
    xray: 'XRay',
    // What Lambda itself does for a function in a network, and what ECS does with a role that it is handed.
    ec2: null,
    iam: null,
  };
  const inside = all(aws.core, 'AWS::Lambda::Function').filter((f) => f.Properties.VpcConfig);
  expect(inside.length).toBeGreaterThan(5);
  for (const fn of inside) {
    const role = fn.Properties.Role['Fn::GetAtt'][0];
    const policies = all(aws.core, 'AWS::IAM::Policy').filter((p) => p.Properties.Roles[0].Ref === role);
    const actions = policies.flatMap((p) =>
      p.Properties.PolicyDocument.Statement.flatMap((s: { Action: string }) => s.Action),
    );
    for (const action of actions) {
      const service = (action as string).split(':')[0]!;
      expect([role, service, service in hostOf]).toEqual([role, service, true]);
      const name = hostOf[service];
      if (name) expect(Object.keys(interfaceEndpoints)).toContain(name);
    }
  }
});

describe('own targets in their own network', () => {
  test('nothing is made in the network but groups, which let in nothing from outside', () => {
    const types = Object.values(resources(own.sample)).map((r) => r.Type);
    expect(new Set(types)).toEqual(new Set(['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress']));
    for (const { Properties } of all(own.sample, 'AWS::EC2::SecurityGroupIngress')) {
      expect(Properties.SourceSecurityGroupId).toEqual(Properties.GroupId);
    }
    for (const { Properties } of all(own.sample, 'AWS::EC2::SecurityGroup')) {
      expect(Properties.SecurityGroupIngress).toBeUndefined();
    }
  });

  test('the load has 200 workers on spare capacity with addresses of their own, and a Locust file from S3', () => {
    const start = all(own.core, 'AWS::Lambda::Function').find((f) => f.Properties.Environment.Variables.LOAD_PUBLIC_IP);
    expect(start!.Properties.Environment.Variables).toMatchObject({
      LOAD_WORKERS: '200',
      LOAD_WORKER_CAPACITY: 'FARGATE_SPOT',
      LOAD_PUBLIC_IP: 'ENABLED',
      LOAD_SUBNETS: 'subnet-0f0f0f0f',
    });
    const [association] = all(own.load, 'AWS::ECS::ClusterCapacityProviderAssociations');
    expect(association!.Properties.CapacityProviders).toContain('FARGATE_SPOT');
    for (const { Properties } of all(own.load, 'AWS::ECS::TaskDefinition')) {
      const [container] = Properties.ContainerDefinitions;
      expect(container.Environment).toEqual([
        { Name: 'FAULTLINE_LOCUST_FILE', Value: 's3://load-tests/orders/locustfile.py' },
      ]);
      expect(container.Command[0]).toBe('locust');
    }
  });

  test('both tasks of a load may read that file and nothing else in S3', () => {
    const reading = all(own.load, 'AWS::IAM::Policy').flatMap((p) =>
      p.Properties.PolicyDocument.Statement.filter((s: { Action: string }) => /^s3:/.test(String(s.Action))),
    );
    expect(reading).toHaveLength(2);
    for (const { Action, Resource } of reading) {
      expect([Action, Resource]).toEqual(['s3:GetObject', 'arn:aws:s3:::load-tests/orders/locustfile.py']);
    }
  });

  test("a run's steps read the login that was named, and the task that blocks the database gets it", () => {
    const reading = all(own.core, 'AWS::IAM::Policy').flatMap((p) =>
      p.Properties.PolicyDocument.Statement.filter((s: { Action: unknown }) =>
        [s.Action].flat().includes('secretsmanager:GetSecretValue'),
      ),
    );
    expect(reading.length).toBeGreaterThan(5);
    for (const { Resource } of reading) expect(Resource).toBe(login);
    const [blocking] = all(own.core, 'AWS::ECS::TaskDefinition');
    expect(blocking!.Properties.Family).toBe('faultline-slow-query-orders');
  });

  test('every role is bounded', () => {
    const roles = [own.core, own.load, own.dashboards].flatMap((template) => all(template, 'AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(20);
    for (const { Properties } of roles)
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('team-boundary');
  });

  test('images are taken from the repositories that have them', () => {
    expect(JSON.stringify(own.load.toJSON())).toContain('/faultline/locust:');
  });
});
