import { setTimeout as pause } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { z } from 'zod';
import { queryItems } from '../aws/query-items.ts';
import { latestKeys, type PageQuery } from '../aws/query-page.ts';
import type { RecordedCall } from '../aws/recorded-calls.ts';
import { type Sample, sampleSchema } from '../evidence/sample.ts';
import { type WindowSummary, windowSummarySchema } from '../evidence/window.ts';
import { type PhaseName, type Run, type RunEvent, runEventSchema, runSchema, type Verdict } from './run.ts';

const retentionSeconds = 30 * 24 * 3600;

export class RunNotFound extends Error {
  constructor(runId: string) {
    super(`no run '${runId}'`);
    this.name = 'RunNotFound';
  }
}

export class RunExists extends Error {
  constructor(runId: string) {
    super(`run '${runId}' exists already`);
    this.name = 'RunExists';
  }
}

const runKey = (runId: string, sk: string) => ({ pk: `run#${runId}`, sk });
const openPartition = 'open-run';
const openKey = (runId: string) => ({ pk: openPartition, sk: runId });
const listedPartition = 'runs';
/** Begins with the time, by which the list is sorted. */
const listedKey = ({ createdAt, runId }: Run) => ({ pk: listedPartition, sk: `${createdAt.toFixed(3)}#${runId}` });

/** Phases that a run does not go back from: a straggler of the experiment must not take it out of its clean-up. */
const finalFor = (phase: PhaseName): PhaseName[] =>
  (['verify', 'analyse'] as PhaseName[]).includes(phase) ? ['done'] : ['verify', 'analyse', 'done'];

/** What is done once for a run. */
type Mark = 'published' | 'sampling' | 'sampled';

/** Runtime access to the table's run records: the run itself, its events, live windows and samples. */
export class RunsClient {
  private readonly doc: DynamoDBDocumentClient;
  private readonly table: string;
  /** Orders the events that one process adds within the same millisecond. */
  private eventsAdded = 0;

  constructor(client: DynamoDBClient, table: string) {
    this.doc = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.table = table;
  }

  /** It is among the open runs until it is finished. @throws RunExists */
  async create(run: Run): Promise<void> {
    const expiresAt = Math.ceil(run.createdAt) + retentionSeconds;
    const Put = {
      TableName: this.table,
      Item: { ...runKey(run.runId, 'run'), data: run, expiresAt },
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    const Open = { TableName: this.table, Item: openKey(run.runId) };
    const Listed = { TableName: this.table, Item: { ...listedKey(run), expiresAt } };
    if (!(await this.transact([{ Put }, { Put: Open }, { Put: Listed }]))) throw new RunExists(run.runId);
  }

  /** Ids of the runs that have begun and are not finished. */
  async open(): Promise<string[]> {
    const items = await queryItems(this.doc, {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': openPartition },
    });
    return items.map(({ sk }) => String(sk));
  }

  /** The latest first; of `limit` there may be fewer on a page that is not the last one. */
  async page(query: Pick<PageQuery, 'limit' | 'after'>): Promise<{ runs: Run[]; after: string | null }> {
    const { keys, after } = await latestKeys(this.doc, { table: this.table, partition: listedPartition, ...query });
    const found = await Promise.all(keys.map((key) => this.find(key.slice(key.indexOf('#') + 1))));
    return { runs: found.filter((run) => run !== null), after };
  }

  /** Strongly consistent. @throws RunNotFound */
  async get(runId: string): Promise<Run> {
    const run = await this.find(runId);
    if (!run) throw new RunNotFound(runId);
    return run;
  }

  /** Strongly consistent. */
  async find(runId: string): Promise<Run | null> {
    const { Item } = await this.doc.send(
      new GetCommand({ TableName: this.table, Key: runKey(runId, 'run'), ConsistentRead: true }),
    );
    return Item ? runSchema.parse(Item.data) : null;
  }

  /**
   * Enters a phase; a later slice of the same phase changes nothing, and neither does a straggler of an earlier one.
   * Returns the start and end of the phase that the run is in.
   */
  async enterPhase(
    runId: string,
    phase: PhaseName,
    now: number,
    seconds: number | null,
  ): Promise<{ startedAt: number; endsAt: number | null; entered: boolean }> {
    const endsAt = seconds === null ? null : now + seconds;
    const values = Object.fromEntries(finalFor(phase).map((past) => [`:${past}`, past]));
    const entered = await this.updateWithEvent(
      runId,
      'SET #d.phase = :p, #d.phaseStartedAt = :s, #d.phaseEndsAt = :e',
      { ':p': phase, ':s': now, ':e': endsAt, ...values },
      `#d.phase <> :p AND NOT #d.phase IN (${Object.keys(values).join(', ')})`,
      { at: now, type: 'phase', detail: { phase } },
    );
    if (entered) return { startedAt: now, endsAt, entered };
    const run = await this.get(runId);
    return { startedAt: run.phaseStartedAt, endsAt: run.phaseEndsAt, entered };
  }

  /** Asks a run to stop. The first reason wins; returns whether this one was the first. */
  async requestStop(runId: string, stop: { reason: string; by: string; at: number }): Promise<boolean> {
    return this.updateWithEvent(
      runId,
      'SET #d.stopRequested = :s',
      { ':s': stop, ':null': null },
      '#d.stopRequested = :null',
      { at: stop.at, type: 'stop', detail: { reason: stop.reason, by: stop.by } },
    );
  }

  /** The first verdict wins; returns whether this one was the first. */
  async finish(runId: string, verdict: Verdict, reason: string | null, at: number): Promise<boolean> {
    const Update = this.runUpdate(
      runId,
      'SET #d.phase = :p, #d.verdict = :v, #d.verdictReason = :r, #d.endedAt = :t',
      { ':p': 'done', ':v': verdict, ':r': reason, ':t': at, ':null': null },
      'attribute_exists(pk) AND #d.verdict = :null',
    );
    return this.transact([{ Update }, { Delete: { TableName: this.table, Key: openKey(runId) } }]);
  }

  /** Keeps that something was done for this run, so that a repeated step does not do it again. */
  async mark(runId: string, what: Mark, at: number): Promise<void> {
    const Item = { ...runKey(runId, `mark#${what}`), data: { at }, expiresAt: Math.ceil(at) + retentionSeconds };
    await this.doc.send(new PutCommand({ TableName: this.table, Item }));
  }

  async isMarked(runId: string, what: Mark): Promise<boolean> {
    const Key = runKey(runId, `mark#${what}`);
    const { Item } = await this.doc.send(new GetCommand({ TableName: this.table, Key, ConsistentRead: true }));
    return Item !== undefined;
  }

  /** Where the calls that a run really sends are kept: among its events. */
  callRecorder(runId: string): (call: RecordedCall) => Promise<void> {
    return (call) => this.addEvent(runId, { at: call.at, type: 'api-call', detail: { ...call } });
  }

  async addEvent(runId: string, event: RunEvent): Promise<void> {
    await this.doc.send(new PutCommand(this.eventPut(runId, event)));
  }

  private eventPut(runId: string, event: RunEvent) {
    const order = String(this.eventsAdded++).padStart(6, '0');
    const sk = `event#${event.at.toFixed(6)}#${order}#${Math.random().toString(36).slice(2, 8)}`;
    const Item = { ...runKey(runId, sk), data: event, expiresAt: Math.ceil(event.at) + retentionSeconds };
    return { TableName: this.table, Item };
  }

  /** One observation a second; the first one wins, so that overlapping slices never count a second twice. */
  async addSample(runId: string, sample: Sample): Promise<void> {
    try {
      await this.putOnce({ ...runKey(runId, `sample#${sample.t}`), data: sample }, sample.t, () => new SampleExists());
    } catch (error) {
      if (!(error instanceof SampleExists)) throw error;
    }
  }

  events(runId: string): Promise<RunEvent[]> {
    return this.query(runId, 'event#', 'event$', runEventSchema);
  }

  samples(runId: string, from = 0): Promise<Sample[]> {
    return this.query(runId, `sample#${Math.floor(from)}`, 'sample$', sampleSchema);
  }

  windows(runId: string, from = 0): Promise<WindowSummary[]> {
    return this.query(runId, `window#${Math.floor(from)}`, 'window$', windowSummarySchema);
  }

  /** The last ones there are, the earliest of them first. */
  async lastWindows(runId: string, count: number): Promise<WindowSummary[]> {
    if (count === 0) return [];
    const { Items = [] } = await this.doc.send(
      new QueryCommand({
        TableName: this.table,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :window)',
        ExpressionAttributeValues: { ':pk': `run#${runId}`, ':window': 'window#' },
        ScanIndexForward: false,
        Limit: count,
      }),
    );
    return Items.reverse().map(({ data }) => windowSummarySchema.parse(data));
  }

  private async query<T extends z.ZodType>(runId: string, from: string, to: string, schema: T): Promise<z.infer<T>[]> {
    const items = await queryItems(this.doc, {
      TableName: this.table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': `run#${runId}`, ':from': from, ':to': to },
    });
    return items.map(({ data }) => schema.parse(data));
  }

  private runUpdate(runId: string, expression: string, values: Record<string, unknown>, condition: string) {
    return {
      TableName: this.table,
      Key: runKey(runId, 'run'),
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#d': 'data' },
      ExpressionAttributeValues: values,
    };
  }

  /** A change of the run and the event that tells of it: both or none. Returns whether the condition held. */
  private async updateWithEvent(
    runId: string,
    expression: string,
    values: Record<string, unknown>,
    condition: string,
    event: RunEvent,
  ): Promise<boolean> {
    const Update = this.runUpdate(runId, expression, values, `attribute_exists(pk) AND ${condition}`);
    return this.transact([{ Update }, { Put: this.eventPut(runId, event) }]);
  }

  /** All of it or nothing. Returns whether the first one's condition held. */
  private async transact(TransactItems: TransactWriteCommandInput['TransactItems']): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.doc.send(new TransactWriteCommand({ TransactItems }));
        return true;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None');
        if (codes[0] === 'ConditionalCheckFailed') return false;
        if (attempt === transactionAttempts || !codes.every((code) => passing.includes(code))) throw error;
        await collisionPause(attempt);
      }
    }
  }

  private async putOnce(item: Record<string, unknown>, at: number, taken: () => Error) {
    try {
      await this.doc.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...item, expiresAt: Math.ceil(at) + retentionSeconds },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw taken();
      throw error;
    }
  }
}

class SampleExists extends Error {}

const transactionAttempts = 8;
/** What DynamoDB cancels a transaction for that may go through a moment later. */
const passing = ['None', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const collisionPause = (attempt: number) => pause(Math.random() * 20 * 2 ** attempt);
