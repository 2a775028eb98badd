import { App } from 'aws-cdk-lib';
import { readSettings } from '../../lib/settings.ts';
import { newOutdir } from './support/synth.ts';

const read = (context: Record<string, string>) => readSettings(new App({ context, outdir: newOutdir() }).node);
const own = { vpc: 'vpc-0a1b2c3d', subnets: 'subnet-0a1b2c3d,subnet-1a1b2c3d', targets: 'none' };

test.each<[Record<string, string>, RegExp]>([
  [{ workers: '0' }, /workers: .*>=1/],
  [{ workers: '201' }, /workers: .*<=200/],
  [{ spot: 'maybe' }, /spot: .*"yes"\|"no"/],
  [{ mode: 'gcp' }, /mode: .*"aws"\|"local"/],
  [{ ...own, vpc: 'my-vpc' }, /vpc: the id of a VPC/],
  [{ ...own, subnets: 'a,b' }, /subnets\.0: the id of a subnet/],
  [{ vpc: own.vpc, targets: 'none' }, /vpc and subnets belong together/],
  [{ vpc: own.vpc, subnets: own.subnets }, /with vpc, say targets=none/],
  [{ targets: 'none' }, /where your own targets are/],
  [{ ...own, loadFrom: 'public' }, /needs its public subnets/],
  [{ ...own, logins: 'orders' }, /logins\.0\.loginArn: a secret's complete ARN/],
  [{ ...own, endpoints: 'yes' }, /vpcCidr: endpoints=yes needs the VPC's addresses/],
  [{ ...own, vpcCidr: 'all' }, /vpcCidr: addresses such as/],
  [{ permissionsBoundary: 'not a name' }, /permissionsBoundary: the name of a managed policy/],
])('the settings %j are refused with what is allowed', (context, message) => {
  expect(() => read(context)).toThrow(message);
});

test('own targets are named with their logins, and their network is not looked up', () => {
  const loginArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-AbCdEf';
  expect(read({ ...own, logins: `orders=${loginArn}` })).toMatchObject({
    targets: [],
    logins: [{ targetId: 'orders', loginArn }],
    subnets: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
  });
});
