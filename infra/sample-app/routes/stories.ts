import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { type Answer, type ReadThrough, readThrough, store } from '../cache/read-through.ts';
import { bypassesCache, id, idInPath, notFound, text } from '../http/input.ts';
import type { Services, Story } from '../services.ts';
import { statusOf } from './status.ts';

const newStory = z.object({ id, userId: id, title: text(300), body: text(20_000) });
const listQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) });

interface ListedStory {
  id: string;
  userId: string;
  title: string;
  createdAt: string;
}

const newest = `SELECT id, user_id AS "userId", title, created_at AS "createdAt"
  FROM stories ORDER BY created_at DESC LIMIT $1`;

const storyKey = (storyId: string) => `story:${storyId}`;
/** Stories never change, so a copy is good for as long as it is kept at hand. */
const storyFreshSeconds = 60;
/** How far the list may lag behind: the price of not asking the database for each reader. */
const listFreshSeconds = 2;

export function storyRoutes(app: FastifyInstance, { stories, database, cache, now, config }: Services): void {
  /** Copies of what the database holds; a stale one says so (RFC 9111's obsolete Warning has no successor). */
  async function cached<T>(reply: FastifyReply, options: ReadThrough, load: () => Promise<T>): Promise<T> {
    const answer: Answer<T> = await readThrough(cache, now, options, load);
    if (answer.stale) reply.header('x-cache', 'stale');
    return answer.value;
  }

  app.post('/stories', async (request, reply) => {
    const story = newStory.parse(request.body);
    reply.code(statusOf(await stories.insert(story, request.deadline)));
    if (!config.FRAGILE.ackBeforeDurable) await store(cache, now, storyKey(story.id), story);
    return story;
  });

  app.get('/stories', async (request, reply) => {
    const { limit } = listQuery.parse(request.query);
    const options = { key: `stories:${limit}`, freshSeconds: listFreshSeconds, bypass: bypassesCache(request) };
    return cached<{ stories: ListedStory[] }>(reply, options, async () => {
      const { rows } = await database.query<ListedStory>(newest, [limit], request.deadline);
      return { stories: rows };
    });
  });

  app.get('/stories/:id', async (request, reply) => {
    const storyId = idInPath(request);
    const options = { key: storyKey(storyId), freshSeconds: storyFreshSeconds, bypass: bypassesCache(request) };
    return cached<Story>(reply, options, async () => {
      const story = await stories.find(storyId, request.deadline);
      if (!story) throw notFound();
      return story;
    });
  });
}
