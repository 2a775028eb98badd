import { z } from 'zod';
import { leverMovedSchema, leverStandSchema } from '../answers.ts';
import { reasonSchema } from '../reason.ts';
import { defineRoute, none } from '../route.ts';

/** Of the lever's history, the latest ones. */
const mostMoves = 100;

export const safetyLeverRoutes = [
  defineRoute({
    method: 'GET',
    path: '/safety-lever',
    summary: 'Read how the safety lever stands, and its latest moves',
    parameters: none,
    query: none,
    body: null,
    answers: { 200: { description: 'How it stands', body: leverStandSchema } },
    problems: [],
    async answer(_request, { lever }) {
      const [now, history] = await Promise.all([lever.read(), lever.history()]);
      const untouched = { pulled: false, by: null, reason: null, at: null };
      return { status: 200, body: { ...(now ?? untouched), history: history.slice(-mostMoves) } };
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/safety-lever',
    summary: 'Pull or release the safety lever',
    description: 'While it is pulled every run stops and none starts. The first move stays.',
    parameters: none,
    query: none,
    body: z
      .strictObject({ pulled: z.boolean(), reason: reasonSchema })
      .meta({ examples: [{ pulled: true, reason: 'customers complain' }] }),
    answers: { 200: { description: 'How it stands after that, and whether this changed it', body: leverMovedSchema } },
    problems: [],
    answer: async ({ body: { pulled, reason }, by }, { lever }) => ({
      status: 200,
      body: await lever.move(pulled, { by, reason }),
    }),
  }),
];
