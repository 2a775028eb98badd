import type { BackupTaken } from '../../../lambdas/backup/backup.ts';
import { begin } from '../../../lambdas/checklist/begin.ts';
import { recordedSteps } from '../../../lambdas/checklist/checklist-records.ts';
import { planGameDay } from '../../../lambdas/game-day/game-day.ts';
import type { Notice } from '../../../lambdas/notifications/announcement.ts';
import type { FaultlineEvent } from '../../../lambdas/notifications/events.ts';
import { safetySchema } from '../../../lambdas/safety/safety-limits.ts';
import type { Target } from '../../../lambdas/target/target.ts';
import { fakeClock } from '../support/clock.ts';
import { servicesOn } from '../support/context.ts';
import { newRunId, start } from '../support/run.ts';
import { type Store, startStore } from '../support/store.ts';
import { aTarget } from '../support/target.ts';

let store: Store;
beforeAll(async () => {
  store = await startStore();
}, 40_000);
afterAll(() => store.stop());

interface Setting {
  target?: Partial<Target>;
  subscriptions?: number;
  /** Age in seconds of AWS Backup's latest recovery point. */
  recoveryPoint?: number | null;
  hook?: (gameDayId: string) => Promise<BackupTaken>;
  widgets?: { type: string; title: string | null }[];
}

const score = { type: 'metric', title: 'Score' };

async function aGameDay({ target = {}, subscriptions = 1, recoveryPoint = null, hook, widgets = [score] }: Setting) {
  const plan = { gameDayId: newRunId(), target: 'shop', profile: 'quick' as const };
  const gameDay = planGameDay({ ...plan, scenarios: ['cache-failure', 'control'] }, start);
  await store.gameDays.create(gameDay);
  const leases = store.leases(fakeClock(start));
  await leases.take([`service/${gameDay.gameDayId}`], gameDay.runs[0]!.runId, async () => false);
  const told: Notice[] = [];
  const events: FaultlineEvent[] = [];
  const clock = fakeClock(start);
  const services = {
    ...servicesOn(store, { clock, target: aTarget(target) }),
    recoveryPoints: {
      latest: async () => (recoveryPoint === null ? null : { arn: 'arn:point', createdAt: start - recoveryPoint }),
    },
    hooks: {
      run: async (_name: string, { gameDayId }: { gameDayId: string }) => {
        if (!hook) throw new Error('no hook');
        return hook(gameDayId);
      },
    },
    notices: {
      async tell(notice: Notice) {
        told.push(notice);
        return { messageId: `m-${told.length}`, subscriptions };
      },
    },
    events: { put: async (event: FaultlineEvent) => void events.push(event) },
    dashboards: { widgets: async () => widgets },
    dashboard: 'Faultline',
  };
  const { gameDayId } = gameDay;
  const itemsOf = async () => recordedSteps(gameDayId, services);
  return {
    gameDayId,
    told,
    events,
    begin: () => begin(gameDayId, services),
    item: async (word: RegExp) => (await itemsOf()).find(({ item }) => word.test(item))!,
    stop: async () => (await store.gameDays.get(gameDayId)).stopRequested,
  };
}

const arn = 'arn:aws:rds:eu-west-1:111122223333:db:shop';

test.each([
  [{ backup: null }, null, false, /configuration says nothing of a backup/],
  [{ backup: { resourceArn: arn } }, null, false, /no complete recovery point of arn:aws:rds/],
  [{ backup: { resourceArn: arn } }, 59, true, /recovery point arn:point is 59 s old, within 60 s/],
  [{ backup: { resourceArn: arn } }, 61, false, /arn:point is 61 s old; it may be 60 s at most/],
  [{ backup: { resourceArn: arn, maximumAgeSeconds: 3600 } }, 3000, true, /3000 s old, within 3600 s/],
  [{ backup: { resourceArn: arn }, database: null }, 10, false, /the target has no database/],
])('backup %j with a recovery point of %s s: done %s', async (target, recoveryPoint, done, evidence) => {
  const day = await aGameDay({ target, recoveryPoint });
  expect(await day.begin()).toEqual({ backedUp: done });
  expect(await day.item(/Backup/)).toMatchObject({ done, evidence: expect.stringMatching(evidence) });
  expect(await day.stop()).toBeNull();
});

describe('a hook', () => {
  const target = { backup: { hook: 'faultline-backup-shop' } };
  const sha256 = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';
  const taken = (gameDayId: string, changes: object = {}): BackupTaken => ({
    takenAt: start,
    evidence: 'a dump',
    objects: [{ key: `backups/${gameDayId}/dump`, bytes: 11, sha256, ...changes }],
  });
  const stored = (text: string, changes?: object) => async (gameDayId: string) => {
    await store.evidence.put(`backups/${gameDayId}/dump`, text);
    return taken(gameDayId, changes);
  };

  test('is believed when what it says it stored can be read back', async () => {
    const day = await aGameDay({ target, hook: stored('hello world') });
    await day.begin();
    const { done, evidence } = await day.item(/Backup/);
    expect(done).toBe(true);
    expect(evidence).toMatch(
      /^a dump, taken at 2027-01-15T08:00:00.000Z; backups\/test-.*\(11 bytes, SHA-256 b94d27b9/,
    );
  });

  test.each([
    ['nothing is there', async (id: string) => taken(id), /which is not there/],
    ['something else is there', stored('hello w0rld'), /is not what faultline-backup-shop says/],
    ['it is longer', stored('hello world', { bytes: 12 }), /is not what faultline-backup-shop says/],
    ['it fails', async () => Promise.reject(new Error('disk\nfull')), /^Error: disk full$/],
  ])('is no backup when %s', async (_case, hook, evidence) => {
    const day = await aGameDay({ target, hook });
    expect(await day.begin()).toEqual({ backedUp: false });
    expect(await day.item(/Backup/)).toMatchObject({ done: false, evidence: expect.stringMatching(evidence) });
  });
});

test('where the target requires a backup and there is none, the game-day is stopped with the reason before its first run', async () => {
  const safety = safetySchema.parse({ requireBackup: true });
  const day = await aGameDay({ target: { safety } });
  await day.begin();
  expect(await day.stop()).toMatchObject({
    by: 'Faultline',
    reason: expect.stringMatching(
      /^the target requires a backup, and there is none: NoBackup: the target's configuration/,
    ),
  });
});

test('the team is told once of what will be done, when it ends and how to stop it', async () => {
  const day = await aGameDay({});
  await day.begin();
  await day.begin();
  expect(day.told).toEqual([
    {
      subject: 'Faultline: game-day on shop begins',
      message: expect.stringMatching(
        /2027-01-15T08:00:00Z.*cache-failure, control \(quick profile\).*2027-01-15T08:\d\d:\d\dZ.*stop test-\w+/s,
      ),
    },
  ]);
  expect(day.events).toEqual([{ type: 'Game-day started', detail: expect.objectContaining({ target: 'shop' }) }]);
  expect(await day.item(/Notify/)).toMatchObject({
    done: true,
    evidence: 'start told by SNS message m-1 to 1 confirmed subscription',
  });
});

test('what nobody has subscribed to has told nobody', async () => {
  const day = await aGameDay({ subscriptions: 0 });
  await day.begin();
  expect(await day.item(/Notify/)).toMatchObject({
    done: false,
    evidence: 'start told by SNS message m-1, but nobody is subscribed',
  });
});

test('a dashboard counts when it shows a metric', async () => {
  const day = await aGameDay({});
  await day.begin();
  expect(await day.item(/dashboard/)).toMatchObject({
    done: true,
    evidence: 'CloudWatch dashboard Faultline shows Score',
  });
  const empty = await aGameDay({ widgets: [{ type: 'text', title: null }] });
  await empty.begin();
  expect(await empty.item(/dashboard/)).toMatchObject({
    done: false,
    evidence: 'CloudWatch dashboard Faultline shows no metric',
  });
});

test('the first run keeps the target meanwhile, however long the backup takes', async () => {
  let expiresAt = 0;
  const day = await aGameDay({
    target: { backup: { hook: 'faultline-backup-shop' } },
    hook: async (gameDayId) => {
      // Time passes as soon as somebody sleeps: much of it until the lease was renewed a few times.
      await new Promise((resolve) => setTimeout(resolve, 300));
      const lease = (await store.leases().all()).find(({ resource }) => resource === `service/${gameDayId}`);
      expiresAt = lease!.expiresAt;
      return { takenAt: start, evidence: 'kept elsewhere', objects: [] };
    },
  });
  await day.begin();
  expect(await day.item(/Backup/)).toMatchObject({
    done: true,
    evidence: expect.stringMatching(/^kept elsewhere, taken/),
  });
  expect(expiresAt).toBeGreaterThan(start + 45 + 5);
});
