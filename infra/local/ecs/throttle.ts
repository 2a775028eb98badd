import type { ThrottleRule } from '../sandbox/protocol.ts';

export type Throttled = ThrottleRule['service'];

/** A service's own answer to a call too many. */
export interface Refusal {
  status: number;
  contentType: string;
  body: { __type: string; message: string };
}

const rateExceeded: Refusal = {
  status: 400,
  contentType: 'application/x-amz-json-1.1',
  body: { __type: 'ThrottlingException', message: 'Rate exceeded' },
};

const services: { target: RegExp; service: Throttled; refusal: Refusal }[] = [
  {
    target: /^DynamoDB_20120810\./,
    service: 'dynamodb',
    refusal: {
      status: 400,
      contentType: 'application/x-amz-json-1.0',
      body: {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message:
          'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
      },
    },
  },
  { target: /^AmazonEC2ContainerServiceV20141113\./, service: 'ecs', refusal: rateExceeded },
  { target: /^AmazonSSM\./, service: 'ssm', refusal: rateExceeded },
];

/** @throws RangeError for a share that is not from 0 to 1 */
export function checkRules(rules: readonly ThrottleRule[]): void {
  const wrong = rules.find(({ share }) => !(share >= 0 && share <= 1));
  if (wrong)
    throw new RangeError(`the share of calls to ${wrong.service} to throttle is ${wrong.share}, not from 0 to 1`);
}

/** Refuses a share of the calls to a service, evenly spread: with 0.25 every fourth one. */
export class Throttle {
  private shares = new Map<Throttled, number>();
  private calls = new Map<Throttled, number>();

  /** Replaces all rules, and counts from the start. */
  set(rules: readonly ThrottleRule[]): void {
    this.shares = new Map(rules.map(({ service, share }) => [service, share]));
    this.calls = new Map();
  }

  /** The answer to a call that is refused; undefined for one that may pass. @param target its X-Amz-Target */
  refusalOf(target: string): Refusal | undefined {
    const found = services.find((one) => one.target.test(target));
    const share = found && this.shares.get(found.service);
    if (!share) return undefined;
    const calls = (this.calls.get(found.service) ?? 0) + 1;
    this.calls.set(found.service, calls);
    return Math.floor(calls * share) > Math.floor((calls - 1) * share) ? found.refusal : undefined;
  }
}
