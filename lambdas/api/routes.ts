import type { Route } from './route.ts';
import { gameDayRoutes } from './routes/game-days.ts';
import { runRoutes } from './routes/runs.ts';
import { safetyLeverRoutes } from './routes/safety-lever.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { scheduleRoutes } from './routes/schedules.ts';
import { targetRoutes } from './routes/targets.ts';

/** The whole API. */
export const routes: readonly Route[] = [
  ...scenarioRoutes,
  ...gameDayRoutes,
  ...runRoutes,
  ...scheduleRoutes,
  ...safetyLeverRoutes,
  ...targetRoutes,
];
