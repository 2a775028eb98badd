import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { targetSchema } from '../../../lambdas/target/target.ts';
import { parseConfig } from '../../../lib/config/read-config.ts';
import { LocalTargetStack } from '../../../lib/local-target-stack.ts';
import { shopYaml } from '../config/shop.fixture.ts';
import { newOutdir } from '../support/synth.ts';

const password = 'made-for-a-test';
const config = parseConfig(shopYaml, 'faultline.yaml');
const template = Template.fromStack(
  new LocalTargetStack(new App({ outdir: newOutdir() }), 'Local', { mode: 'local', config, password }),
);

const stored = () => {
  const [parameter] = Object.values(template.findResources('AWS::SSM::Parameter'));
  return { name: parameter!.Properties.Name, target: targetSchema.parse(JSON.parse(parameter!.Properties.Value)) };
};

test("a configuration's target is stored with its parts where this machine has them", () => {
  const { name, target } = stored();
  expect(name).toBe('/faultline/targets/shop');
  expect(target).toMatchObject({
    endpoint: 'http://shop-app.faultline.internal:8000',
    database: {
      cluster: 'faultline-shop',
      host: 'shop-database.faultline.internal',
      secretId: 'faultline/shop/database',
    },
    cache: { service: 'shop-cache', host: 'shop-cache.faultline.internal', port: 6379 },
    load: { files: ['locustfile.py'] },
    rtoSeconds: { 'cache-failure': 45 },
    logs: ['/faultline/shop/app', '/faultline/shop/database', '/faultline/shop/cache'],
  });
});

test('what this machine has not is no part of it, and the report can say why', () => {
  const { target } = stored();
  expect(target.hosts).toBeNull();
  expect(target.hostless).toMatch(/runs as a service/);
  expect(target.safety.stopConditions).toMatchObject({ alarms: [], errorRate: { percent: 80, seconds: 30 } });
});

test('the database and the cache may be faulted, the application may not', () => {
  const services = Object.values(template.findResources('AWS::ECS::Service')).map(({ Properties }) => ({
    name: Properties.ServiceName,
    optedIn: (Properties.Tags ?? []).some((tag: { Key: string }) => tag.Key === 'faultline:opt-in'),
  }));
  expect(services).toEqual([
    { name: 'shop-database', optedIn: true },
    { name: 'shop-cache', optedIn: true },
    { name: 'shop-app', optedIn: false },
  ]);
});

test("the application's environment names the run's own database and cache", () => {
  template.hasResourceProperties('AWS::ECS::TaskDefinition', {
    Family: 'shop-app',
    ContainerDefinitions: [
      Match.objectLike({
        Image: 'local/shop:latest',
        Environment: [
          {
            Name: 'DATABASE_URL',
            Value: `postgres://application:${password}@shop-database.faultline.internal:5432/shop`,
          },
          { Name: 'REDIS_URL', Value: 'redis://shop-cache.faultline.internal:6379' },
        ],
      }),
    ],
  });
});

test("a server gets the configuration's own arguments, and its image's where there are none", () => {
  const commands = Object.values(template.findResources('AWS::ECS::TaskDefinition')).map(({ Properties }) => [
    Properties.Family,
    Properties.ContainerDefinitions[0].Command,
  ]);
  expect(commands).toEqual([
    ['shop-database', undefined],
    ['shop-cache', ['--maxmemory', '64mb']],
    ['shop-app', undefined],
  ]);
});
