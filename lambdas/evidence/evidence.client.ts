import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { z } from 'zod';
import { type HostSample, hostSampleSchema } from './host-sample.ts';
import { type LedgerEntry, ledgerEntrySchema, type ReadbackEntry, readbackEntrySchema } from './ledger.ts';
import { type GeneratorReport, generatorReportSchema, type Window, windowSchema } from './window.ts';

/** Of an empty text the client cannot tell how long it is. */
const bytes = (body: string | Uint8Array) => (typeof body === 'string' ? new TextEncoder().encode(body) : body);

const readsAtOnce = 16;

/** Runtime access to the evidence bucket. Evidence travels by key: no state of a machine ever carries it. */
export class EvidenceClient {
  private readonly s3: S3Client;
  private readonly bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  windows = (runId: string): Promise<Window[]> => this.lines(`runs/${runId}/windows/`, windowSchema);
  ledger = (runId: string): Promise<LedgerEntry[]> => this.lines(`runs/${runId}/ledger/`, ledgerEntrySchema);
  readback = (runId: string): Promise<ReadbackEntry[]> => this.lines(`runs/${runId}/readback`, readbackEntrySchema);

  hostSamples = (runId: string): Promise<HostSample[]> => this.lines(`runs/${runId}/hosts/`, hostSampleSchema);

  writeReadback(runId: string, entries: ReadbackEntry[]): Promise<void> {
    return this.put(`runs/${runId}/readback.jsonl`, entries.map((e) => `${JSON.stringify(e)}\n`).join(''));
  }

  async generator(runId: string): Promise<GeneratorReport | null> {
    const text = await this.get(`runs/${runId}/generator.json`);
    return text === null ? null : generatorReportSchema.parse(JSON.parse(text));
  }

  async put(key: string, body: string | Uint8Array, contentType = 'application/json'): Promise<void> {
    await this.s3.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: bytes(body), ContentType: contentType }),
    );
  }

  /** The first one that is put there stays. Returns the text that is there. */
  async putFirst(key: string, body: string, contentType = 'application/json'): Promise<string> {
    try {
      await this.s3.send(
        new PutObjectCommand({
          Bucket: this.bucket,
          Key: key,
          Body: bytes(body),
          ContentType: contentType,
          IfNoneMatch: '*',
        }),
      );
      return body;
    } catch (error) {
      if ((error as Error).name !== 'PreconditionFailed') throw error;
      return (await this.get(key)) ?? body;
    }
  }

  /** The object's text, or null where there is none. */
  async get(key: string): Promise<string | null> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** Of an object as it can be read now; null where there is none. */
  async digest(key: string): Promise<{ bytes: number; sha256: string } | null> {
    try {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of Body as Readable) {
        hash.update(chunk);
        size += chunk.length;
      }
      return { bytes: size, sha256: hash.digest('hex') };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** Every object under a prefix, by the rest of its key. */
  async files(prefix: string): Promise<Map<string, Uint8Array>> {
    const limit = pLimit(readsAtOnce);
    const keys = await this.keys(prefix);
    const read = (key: string) => limit(async () => [key.slice(prefix.length), await this.bytes(key)] as const);
    return new Map(await Promise.all(keys.map(read)));
  }

  private async bytes(key: string): Promise<Uint8Array> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  /** Some of the objects under a prefix, by key, from the one after `after` on. */
  async page(
    prefix: string,
    { limit, after }: { limit: number; after: string | null },
  ): Promise<{ objects: { key: string; bytes: number }[]; after: string | null }> {
    const { Contents = [], IsTruncated } = await this.s3.send(
      new ListObjectsV2Command({
        Bucket: this.bucket,
        Prefix: prefix,
        MaxKeys: limit,
        ...(after !== null && { StartAfter: after }),
      }),
    );
    const objects = Contents.map(({ Key, Size }) => ({ key: Key!, bytes: Size ?? 0 }));
    return { objects, after: IsTruncated ? objects.at(-1)!.key : null };
  }

  async has(key: string): Promise<boolean> {
    const { objects } = await this.page(key, { limit: 1, after: null });
    return objects[0]?.key === key;
  }

  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let next: string | undefined;
    do {
      const page = await this.s3.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ContinuationToken: next }),
      );
      for (const object of page.Contents ?? []) if (object.Key) keys.push(object.Key);
      next = page.NextContinuationToken;
    } while (next);
    return keys;
  }

  private async lines<T extends z.ZodType>(prefix: string, schema: T): Promise<z.infer<T>[]> {
    const texts = await Promise.all((await this.keys(prefix)).map((key) => this.get(key)));
    return texts
      .flatMap((text) => (text ?? '').split('\n').filter(Boolean))
      .map((line) => schema.parse(JSON.parse(line)));
  }
}
