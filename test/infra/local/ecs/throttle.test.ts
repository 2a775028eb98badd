import { checkRules, Throttle } from '../../../../infra/local/ecs/throttle.ts';

const put = 'DynamoDB_20120810.PutItem';
const update = 'AmazonEC2ContainerServiceV20141113.UpdateService';

const refused = (throttle: Throttle, target: string, calls: number) =>
  Array.from({ length: calls }, () => throttle.refusalOf(target) !== undefined);

test.each([
  [0, 0],
  [0.1, 10],
  [0.25, 25],
  [0.5, 50],
  [0.8, 80],
  [1, 100],
])('a share of %d refuses %d of 100 calls, evenly spread', (share, expected) => {
  const throttle = new Throttle();
  throttle.set([{ service: 'dynamodb', share }]);
  const calls = refused(throttle, put, 100);
  expect(calls.filter(Boolean)).toHaveLength(expected);
  const halves = [calls.slice(0, 50), calls.slice(50)].map((half) => half.filter(Boolean).length);
  expect(Math.abs(halves[0]! - halves[1]!)).toBeLessThanOrEqual(1);
});

test("each service is throttled by its own share, with its own error, and others' calls pass", () => {
  const throttle = new Throttle();
  throttle.set([
    { service: 'dynamodb', share: 1 },
    { service: 'ecs', share: 0.5 },
  ]);
  expect(throttle.refusalOf(put)).toMatchObject({
    status: 400,
    body: { __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException' },
  });
  expect(throttle.refusalOf(update)).toBeUndefined();
  expect(throttle.refusalOf(update)).toMatchObject({
    status: 400,
    body: { __type: 'ThrottlingException', message: 'Rate exceeded' },
  });
  for (const other of ['AmazonSSM.GetParameter', '', 'DynamoDBStreams_20120810.GetRecords']) {
    expect(throttle.refusalOf(other)).toBeUndefined();
  }
});

test('new rules replace the old ones', () => {
  const throttle = new Throttle();
  throttle.set([{ service: 'dynamodb', share: 1 }]);
  throttle.set([{ service: 'ecs', share: 1 }]);
  expect([throttle.refusalOf(put), throttle.refusalOf(update)]).toEqual([undefined, expect.anything()]);
  throttle.set([]);
  expect(throttle.refusalOf(update)).toBeUndefined();
});

test.each([-0.1, 1.1, Number.NaN])('a share of %d is refused', (share) => {
  expect(() => checkRules([{ service: 'ecs', share }])).toThrow(RangeError);
});
