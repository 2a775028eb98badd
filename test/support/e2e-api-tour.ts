import { routes } from '../../lambdas/api/routes.ts';
import type { Answer, Request, SignedClient } from './e2e-signed.ts';

/** What is there to be read. */
export interface Landmarks {
  gameDayId: string;
  runId: string;
  target: string;
}

/**
 * Goes through everything that the API offers, once: reads what is there, rehearses starts, makes and unmakes a schedule,
 * pulls and releases the lever.
 * @returns the status of each route, by method and path as routes have them
 */
export async function tour(
  client: SignedClient,
  { gameDayId, runId, target }: Landmarks,
): Promise<Map<string, number>> {
  const answers = new Map<string, number>();
  const call = async (method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await client.send({ method, path, body } satisfies Request);
    answers.set(`${method} ${routeOf(method, path)}`, answer.status);
    return answer;
  };
  const get = (path: string) => call('GET', path);

  for (const list of ['/scenarios', '/suites', '/targets']) await get(list);
  for (const one of ['/scenarios/cache-failure', '/suites/weekly']) await get(one);
  const { body: configuration } = await get(`/targets/${target}`);
  await call('POST', '/target-validations', { configuration });

  await call('POST', '/game-days', { target, scenarios: ['cache-failure'], dryRun: true });
  await call('POST', '/runs', { target, scenario: 'cache-failure', dryRun: true });
  for (const list of ['/game-days?limit=1', '/runs?limit=1', `/runs/${runId}/evidence?limit=2`]) await get(list);
  for (const one of [`/game-days/${gameDayId}`, `/runs/${runId}?windows=3`]) await get(one);
  for (const report of [`/game-days/${gameDayId}/report?format=md`, `/runs/${runId}/report`]) await get(report);

  const schedule = { name: 'tour', expression: 'cron(0 9 ? * MON *)', timeZone: 'Europe/Berlin', target };
  await call('POST', '/schedules', { ...schedule, suite: 'weekly' });
  await get('/schedules');
  await get('/schedules/tour');
  for (const verb of ['pause', 'resume']) await call('POST', `/schedules/tour/${verb}`);
  await call('DELETE', '/schedules/tour');

  await call('PUT', '/safety-lever', { pulled: true, reason: 'a tour' });
  await get('/safety-lever');
  await call('PUT', '/safety-lever', { pulled: false, reason: 'the tour is over' });
  return answers;
}

function routeOf(method: string, path: string): string {
  const parts = path.split('?')[0]!;
  const matches = (pattern: string) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(parts);
  return routes.find((route) => route.method === method && matches(route.path))?.path ?? path;
}
