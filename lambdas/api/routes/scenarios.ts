import { z } from 'zod';
import { suiteIdSchema } from '../../game-day/game-day.ts';
import { SuiteNotFound, suiteById, suites } from '../../game-day/suites.ts';
import { scenarioById, scenarios } from '../../scenarios/registry.ts';
import { scenarioIds } from '../../scenarios/scenario.ts';
import { scenarioSchema, scenariosSchema, suiteSchema, suitesSchema } from '../answers.ts';
import { describeScenario } from '../describe-scenario.ts';
import { defineRoute, none } from '../route.ts';

export const scenarioRoutes = [
  defineRoute({
    method: 'GET',
    path: '/scenarios',
    summary: 'List every scenario with its defaults and bounds',
    parameters: none,
    query: none,
    body: null,
    answers: { 200: { description: 'In the order in which a game-day runs them', body: scenariosSchema } },
    problems: [],
    answer: async () => ({ status: 200, body: { items: scenarios.map(describeScenario) } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/scenarios/{scenarioId}',
    summary: 'Read one scenario',
    parameters: z.strictObject({ scenarioId: z.enum(scenarioIds) }),
    query: none,
    body: null,
    answers: { 200: { description: 'The scenario', body: scenarioSchema } },
    problems: [],
    answer: async ({ parameters }) => ({ status: 200, body: describeScenario(scenarioById(parameters.scenarioId)) }),
  }),
  defineRoute({
    method: 'GET',
    path: '/suites',
    summary: 'List every suite',
    parameters: none,
    query: none,
    body: null,
    answers: { 200: { description: 'Each can be started by its id', body: suitesSchema } },
    problems: [],
    answer: async () => ({ status: 200, body: { items: suites } }),
  }),
  defineRoute({
    method: 'GET',
    path: '/suites/{suiteId}',
    summary: 'Read one suite',
    parameters: z.strictObject({ suiteId: suiteIdSchema }),
    query: none,
    body: null,
    answers: { 200: { description: 'The suite', body: suiteSchema } },
    problems: [SuiteNotFound],
    answer: async ({ parameters }) => ({ status: 200, body: suiteById(parameters.suiteId) }),
  }),
];
