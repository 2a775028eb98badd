import type { FastifyInstance } from 'fastify';
import type { Services } from '../services.ts';

const about = {
  name: 'sample-app',
  description: 'Stories, users and whispers: the application that chaos experiments run against.',
  documentation: 'docs/sample-app.md',
};

/** The part of the application that works whatever else does not. */
export function aboutRoute(app: FastifyInstance, _services: Services): void {
  app.get('/', async () => about);
}
