import type { Compared } from '../comparison/compared.ts';
import { comparedRun } from '../comparison/figures.ts';
import { reportSchema } from '../report/report.schema.ts';
import { isConclusive } from '../runs/run.ts';
import type { Services } from '../runs/run-context.ts';
import type { GameDay } from './game-day.ts';

/** Enough to tell how much one differs from the next. */
const most = 5;
/** A target's own may lie far apart among those of others. */
const lookedAt = 100;

/**
 * The latest game-days of the same target and profile before this one, the oldest first that came to a
 * conclusion, as far as their reports have the form of this version: another one may judge by other rules.
 */
export async function earlierGameDays(
  { gameDayId, target, profile }: Pick<GameDay, 'gameDayId' | 'target' | 'profile'>,
  { gameDays, evidence }: Pick<Services, 'gameDays' | 'evidence'>,
): Promise<Compared[]> {
  const { gameDays: latest } = await gameDays.page({ limit: lookedAt, after: gameDayId });
  const found: Compared[] = [];
  for (const earlier of latest) {
    if (found.length === most) break;
    if (earlier.target !== target || earlier.profile !== profile || earlier.endedAt === null) continue;
    const text = await evidence.get(`game-days/${earlier.gameDayId}/report.json`);
    const report = text === null ? null : reportSchema.safeParse(JSON.parse(text));
    if (!report?.success) continue;
    const runs = report.data.scenarios.filter(isConclusive).map(comparedRun);
    if (runs.length > 0) found.push({ id: earlier.gameDayId, startedAt: earlier.startedAt, target, profile, runs });
  }
  return found.reverse();
}
