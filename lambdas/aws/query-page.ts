import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';

/** A part of a long list: its sort keys, and after which of them the next part begins; null where there is none. */
export interface KeyPage {
  keys: string[];
  after: string | null;
}

export interface PageQuery {
  table: string;
  partition: string;
  /** At most so many. */
  limit: number;
  /** Only what comes after this key in the list. */
  after: string | null;
}

/** The sort keys of a partition from the last one down: with keys that begin with a time, the latest first. */
export async function latestKeys(
  doc: DynamoDBDocumentClient,
  { table, partition, limit, after }: PageQuery,
): Promise<KeyPage> {
  const { Items = [] } = await doc.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: after === null ? 'pk = :pk' : 'pk = :pk AND sk < :after',
      ExpressionAttributeValues: { ':pk': partition, ...(after !== null && { ':after': after }) },
      ProjectionExpression: 'sk',
      ScanIndexForward: false,
      ConsistentRead: true,
      // One more tells whether there is more.
      Limit: limit + 1,
    }),
  );
  const keys = Items.slice(0, limit).map(({ sk }) => String(sk));
  return { keys, after: Items.length > limit ? keys.at(-1)! : null };
}
