import type { Command } from 'commander';
import type { PageQuery } from '../../lambdas/operator/operator-api.client.ts';
import { count } from './arguments.ts';

/** Of one request; longer lists are asked for in parts. */
const mostOfAPart = 100;
const mostOfAll = 10_000;

interface Part<T> {
  items: T[];
  next: string | null;
}

export interface PageOptions {
  limit: number;
  next?: string;
}

/** The options of whatever lists. */
export const withPages = (command: Command): Command =>
  command
    .option('-n, --limit <count>', 'how many at most', count(1, mostOfAll), 20)
    .option('--next <token>', 'go on where an earlier list ended');

/** As many items as are asked for, however many requests that takes. */
export async function listed<T>(
  { limit, next }: PageOptions,
  partOf: (query: PageQuery) => Promise<Part<T>>,
): Promise<Part<T>> {
  const items: T[] = [];
  let from = next;
  do {
    const part = await partOf({ limit: Math.min(limit - items.length, mostOfAPart), next: from });
    items.push(...part.items);
    from = part.next ?? undefined;
  } while (from !== undefined && items.length < limit);
  return { items, next: from ?? null };
}

/** A list for people: what there is, or that there is nothing, and how to see more. */
export function tellList<T>({ items, next }: Part<T>, none: string, text: (items: T[]) => string): string {
  const more = next === null ? [] : [`There are more: --next ${next}`];
  return [items.length > 0 ? text(items) : none, ...more].join('\n');
}
