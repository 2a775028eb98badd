import { z } from 'zod';
import { inapplicable } from '../../game-day/inapplicable.ts';
import { availableScenarios } from '../../scenarios/registry.ts';
import { type ListedTarget, TargetInvalid, TargetNotFound } from '../../target/target.client.ts';
import { targetIdSchema, targetSchema } from '../../target/target.ts';
import { targetAnswerSchema, targetsSchema, validatedSchema } from '../answers.ts';
import { defineRoute, none } from '../route.ts';

const parts = ['database', 'cache', 'hosts'] as const;

export const targetRoutes = [
  defineRoute({
    method: 'GET',
    path: '/targets',
    summary: 'List the targets that are configured, and whether their configuration holds',
    parameters: none,
    query: none,
    body: null,
    answers: { 200: { description: 'By id', body: targetsSchema } },
    problems: [],
    answer: async (_request, { targets }) => ({ status: 200, body: { items: (await targets()).map(lineOf) } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/targets/{targetId}',
    summary: "Read a target's configuration",
    parameters: z.strictObject({ targetId: targetIdSchema }),
    query: none,
    body: null,
    answers: { 200: { description: 'Its configuration, with what is left out filled in', body: targetAnswerSchema } },
    problems: [TargetNotFound, TargetInvalid],
    answer: async ({ parameters }, { target }) => ({ status: 200, body: await target(parameters.targetId) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/target-validations',
    summary: "Check a target's configuration before it is stored",
    description: 'Looks at the text alone. What a start would come upon in the account, a dry run says.',
    parameters: none,
    query: none,
    body: z.strictObject({ configuration: z.record(z.string(), z.unknown()) }),
    answers: { 200: { description: 'Whether it holds, and every place where it does not', body: validatedSchema } },
    problems: [],
    async answer({ body: { configuration } }) {
      const { data, error } = targetSchema.safeParse(configuration);
      const problems = error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ?? [];
      const ids = availableScenarios.map(({ id }) => id);
      return {
        status: 200,
        body: { valid: data !== undefined, problems, inapplicable: data ? inapplicable(data, ids) : [] },
      };
    },
  }),
];

function lineOf({ id, target, problem }: ListedTarget) {
  const has = parts.filter((part) => target?.[part]);
  return { id, valid: target !== null, problem, endpoint: target?.endpoint ?? null, has };
}
