import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import type { Clock } from '../aws/clock.ts';
import { queryItems } from '../aws/query-items.ts';

/** What is leased, by whom, and until when (epoch seconds) unless it is renewed. */
export const leaseSchema = z.object({ resource: z.string(), runId: z.string(), expiresAt: z.number() });
export type Lease = z.infer<typeof leaseSchema>;

/** A lease is renewed every few seconds of a run; past this time without, nobody conducts the run any more. */
export const leaseSeconds = 45;
export const renewEverySeconds = 5;

export class TargetLeased extends Error {
  readonly holder: string;

  constructor({ resource, runId }: Pick<Lease, 'resource' | 'runId'>) {
    super(`${resource} is in use by run ${runId}; stop that run or wait for its end`);
    this.name = 'TargetLeased';
    this.holder = runId;
  }
}

/** The run that had it has ended without restoring it. */
export class TargetNotRestored extends Error {
  constructor({ resource, runId }: Pick<Lease, 'resource' | 'runId'>) {
    super(`${resource} was left by run ${runId}, which broke off; it is being restored, try again in a minute`);
    this.name = 'TargetNotRestored';
  }
}

export class LeaseLost extends Error {
  constructor(runId: string) {
    super(`run ${runId} does not hold its lease any more`);
    this.name = 'LeaseLost';
  }
}

/** Everything wanted it at the same moment, again and again. */
export class LeaseContended extends Error {
  constructor() {
    super('the lease could not be changed: too many want it at the same moment; try again');
    this.name = 'LeaseContended';
  }
}

const attempts = 8;
const longestPauseSeconds = 0.4;

/**
 * Runtime access to the leases: a run takes all that its target consists of, or nothing, and nobody else can have any
 * of it until the run releases it. Expiry compares times; the table's own expiry comes too late to rely on.
 */
export class LeasesClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;
  private readonly clock: Clock;
  private readonly random: () => number;

  constructor(client: DynamoDBClient, table: string, clock: Clock, random: () => number = Math.random) {
    this.doc = DynamoDBDocumentClient.from(client);
    this.table = table;
    this.clock = clock;
    this.random = random;
  }

  /**
   * The same run may take them again. What an expired lease holds can be had where `isOver` says that its run has
   * ended and left no fault.
   * @throws TargetLeased with the holder's run id, TargetNotRestored
   */
  async take(resources: string[], runId: string, isOver: (runId: string) => Promise<boolean>): Promise<void> {
    const free = 'attribute_not_exists(pk) OR #d.runId = :run';
    await this.insist(async (isLast) => {
      if (await this.put(resources, runId, free)) return true;
      const taken = await this.takenOf(resources, runId);
      if (!taken) return false;
      const refusal = isLast ? new TargetLeased(taken) : await this.refusalOf(taken, isOver);
      if (refusal) throw refusal;
      await this.remove(await this.heldBy(taken.runId));
      return false;
    });
  }

  /** Why a new run could not take these now, or null. */
  async refusal(
    resources: string[],
    isOver: (runId: string) => Promise<boolean>,
  ): Promise<TargetLeased | TargetNotRestored | null> {
    const taken = await this.takenOf(resources, null);
    return taken ? this.refusalOf(taken, isOver) : null;
  }

  /** @throws LeaseLost */
  async renew(runId: string): Promise<void> {
    await this.insist(async () => {
      const held = await this.heldBy(runId);
      if (held.length === 0) throw new LeaseLost(runId);
      return this.put(namesOf(held), runId, '#d.runId = :run');
    });
  }

  /** Releases what the run holds; others' leases are left alone. */
  async release(runId: string): Promise<void> {
    await this.insist(async () => this.remove(await this.heldBy(runId)));
  }

  /** For the reaper to take up at once what the run could not restore: its lease has run out. */
  async expire(runId: string): Promise<void> {
    await this.insist(async () => this.put(namesOf(await this.heldBy(runId)), runId, '#d.runId = :run', 0));
  }

  /** @throws LeaseLost unless every one of them is the run's, and has not run out */
  async assertHeld(resources: string[], runId: string): Promise<void> {
    const held = (await this.heldBy(runId)).filter(({ expiresAt }) => expiresAt >= this.clock.now());
    const names = namesOf(held);
    if (!resources.every((resource) => names.includes(resource))) throw new LeaseLost(runId);
  }

  async isHeldBy(runId: string): Promise<boolean> {
    return (await this.heldBy(runId)).length > 0;
  }

  async all(): Promise<Lease[]> {
    const items = await queryItems(this.doc, {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partition },
    });
    return items.map(({ data }) => leaseSchema.parse(data));
  }

  private async refusalOf(taken: Lease, isOver: (runId: string) => Promise<boolean>) {
    if (taken.expiresAt >= this.clock.now()) return new TargetLeased(taken);
    return (await isOver(taken.runId)) ? null : new TargetNotRestored(taken);
  }

  /** The first of `resources` that another run has than this one. */
  private async takenOf(resources: string[], runId: string | null): Promise<Lease | undefined> {
    const others = (await this.all()).filter((lease) => lease.runId !== runId);
    return resources.map((resource) => others.find((lease) => lease.resource === resource)).find(Boolean);
  }

  private async heldBy(runId: string): Promise<Lease[]> {
    return (await this.all()).filter((lease) => lease.runId === runId);
  }

  /** DynamoDB lets transactions collide: what did not go through is tried again after a pause. */
  private async insist(attempt: (isLast: boolean) => Promise<boolean>): Promise<void> {
    for (let left = attempts; left > 0; left--) {
      if (await attempt(left === 1)) return;
      await this.clock.sleep(this.random() * longestPauseSeconds);
    }
    throw new LeaseContended();
  }

  private put(
    resources: string[],
    runId: string,
    condition: string,
    expiresAt = this.clock.now() + leaseSeconds,
  ): Promise<boolean> {
    return this.transact(
      resources.map((resource) => ({
        Put: {
          TableName: this.table,
          Item: { ...key(resource), data: { resource, runId, expiresAt } satisfies Lease },
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':run': runId },
        },
      })),
    );
  }

  /** As they were seen: not when one has been renewed or taken since. */
  private remove(leases: Lease[]): Promise<boolean> {
    return this.transact(
      leases.map(({ resource, runId, expiresAt }) => ({
        Delete: {
          TableName: this.table,
          Key: key(resource),
          ConditionExpression: '#d.runId = :run AND #d.expiresAt = :expires',
          ExpressionAttributeNames: { '#d': 'data' },
          ExpressionAttributeValues: { ':run': runId, ':expires': expiresAt },
        },
      })),
    );
  }

  /** All of it or nothing; false where a condition does not hold, or another transaction was quicker. */
  private async transact(TransactItems: TransactItem[]): Promise<boolean> {
    if (TransactItems.length === 0) return true;
    try {
      await this.doc.send(new TransactWriteCommand({ TransactItems }));
      return true;
    } catch (error) {
      if (error instanceof TransactionCanceledException) return false;
      throw error;
    }
  }
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const namesOf = (leases: Lease[]) => leases.map(({ resource }) => resource);
const partition = 'lease';
const key = (resource: string) => ({ pk: partition, sk: resource });
