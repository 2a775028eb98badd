import { type DynamoDBDocumentClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';

/** Every item that a query finds, strongly consistent, over as many pages as it takes. */
export async function queryItems(
  client: DynamoDBDocumentClient,
  query: Omit<QueryCommandInput, 'ConsistentRead'>,
): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  for await (const page of paginateQuery({ client }, { ...query, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}
