import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import type { LedgerEntry, ReadbackEntry } from '../../../lambdas/evidence/ledger.ts';
import { resilientDatabase } from './support/stories.ts';
import { tell } from './support/story.ts';

const { evidence, truth } = tell(resilientDatabase);

type Fate = 'found' | 'missing' | 'unreadable' | 'unread';

/** The run with exactly these writes of users, by the time of their acknowledgement. */
function withWrites(writes: [ack: number, fate: Fate][], more: Partial<Evidence> = {}) {
  const ledger: LedgerEntry[] = writes.map(([ack], i) => ({
    class: 'users',
    key: `u${i}`,
    intent: ack - 0.01,
    ack,
    outcome: 'acked',
  }));
  const readback: ReadbackEntry[] = writes.flatMap(([, fate], i) =>
    fate === 'unread' ? [] : [{ class: 'users' as const, key: `u${i}`, found: fate, control: false }],
  );
  const control: ReadbackEntry = { class: 'users', key: 'never', found: 'missing', control: true };
  const result = analyse({ ...evidence, ledger, readback: [...readback, control], ...more });
  return { result, users: result.rpo.find((r) => r.class === 'users')! };
}

test('nothing lost is an RPO of zero, met', () => {
  const { users } = withWrites([
    [truth.baseline, 'found'],
    [truth.fault - 1, 'found'],
  ]);
  expect(users).toMatchObject({ ackedWrites: 2, lost: 0, unknown: 0, seconds: 0, high: 0, met: true });
});

test('a lost write is as old as it was at the fault', () => {
  const { users } = withWrites([
    [truth.baseline, 'found'],
    [truth.landed - 4, 'missing'],
    [truth.landed - 1, 'missing'],
  ]);
  expect(users.lost).toBe(2);
  expect(users.seconds).toBeCloseTo(4, 3);
  expect(users).toMatchObject({ met: true, censored: false });
});

test('a lost write that was acknowledged during the fault is as old as it was at the revert', () => {
  const { users } = withWrites([
    [truth.baseline, 'found'],
    [truth.landed + 5, 'missing'],
  ]);
  expect(users.seconds).toBeCloseTo(truth.revert + 0.1 - (truth.landed + 5), 3);
});

test('an age beyond the target is a miss, and the run fails', () => {
  const old: [number, Fate][] = [
    [truth.landed - 1200, 'found'],
    [truth.landed - 1000, 'missing'],
  ];
  const { users, result } = withWrites(old);
  expect(users.met).toBe(false);
  expect(result).toMatchObject({ verdict: 'FAIL', reason: expect.stringMatching(/RPO of users 1,000 s/) });
});

test('when the oldest write of all is lost, older ones might have been: at least that, and not shown to be met', () => {
  const { users, result } = withWrites([
    [truth.baseline, 'missing'],
    [truth.fault - 1, 'found'],
  ]);
  expect(users).toMatchObject({ censored: true, high: null, met: null });
  expect(users.text).toMatch(/or more/);
  expect(result.verdict).toBe('FAIL');
});

test.each(['unreadable', 'unread'] as const)('an %s write is unknown, never lost', (fate) => {
  const { users } = withWrites([
    [truth.baseline, 'found'],
    [truth.landed - 2, fate],
  ]);
  expect(users).toMatchObject({ lost: 0, unknown: 1, unreadable: 1, seconds: 0, met: true });
  expect(users.high).toBeCloseTo(2, 3);
});

test('an unreadable write that would miss the target leaves it open whether it is met', () => {
  expect(
    withWrites([
      [truth.landed - 1200, 'unreadable'],
      [truth.baseline, 'found'],
    ]).users.met,
  ).toBeNull();
});

test('a write that timed out is unknown and not among the acknowledged', () => {
  const { result } = withWrites([[truth.baseline, 'found']]);
  const timedOut: LedgerEntry = { class: 'users', key: 'x', intent: truth.fault, ack: null, outcome: 'unknown' };
  const { ledger } = { ledger: [timedOut, { ...timedOut, key: 'u0', ack: truth.baseline, outcome: 'acked' as const }] };
  const again = analyse({ ...evidence, ledger, readback: [...readbackOf('u0'), ...readbackOf('x', 'missing')] });
  expect(again.rpo[0]).toMatchObject({ ackedWrites: 1, lost: 0, unknown: 1, unacknowledged: 1 });
  expect(result.rpo[0]).toMatchObject({ unacknowledged: 0 });
});

const readbackOf = (key: string, found: ReadbackEntry['found'] = 'found'): ReadbackEntry[] => [
  { class: 'users', key, found, control: false },
  { class: 'users', key: 'never', found: 'missing', control: true },
];

test('overlapping slices count once, and found once is found', () => {
  const entry: LedgerEntry = {
    class: 'users',
    key: 'a',
    intent: truth.baseline,
    ack: truth.baseline,
    outcome: 'acked',
  };
  const intent: LedgerEntry = { ...entry, ack: null, outcome: 'unknown' };
  const result = analyse({
    ...evidence,
    ledger: [intent, entry, entry],
    readback: [...readbackOf('a', 'missing'), ...readbackOf('a', 'found'), ...readbackOf('a', 'unreadable')],
  });
  expect(result.rpo[0]).toMatchObject({ ackedWrites: 1, found: 1, lost: 0, unknown: 0 });
});

test.each([
  [
    'was found',
    [{ class: 'users', key: 'never', found: 'found', control: true }],
    /1 of 1 keys that were never written/,
  ],
  ['could not be read', [{ class: 'users', key: 'never', found: 'unreadable', control: true }], /1 of 1 keys/],
  ['was not asked for', [], /not tested/],
] as const)('a positive control that %s makes the RPO unmeasured and the run INVALID', (_what, controls, reason) => {
  const { result, users } = withWrites([[truth.baseline, 'found']], {
    readback: [{ class: 'users', key: 'u0', found: 'found', control: false }, ...controls],
  });
  expect(users).toMatchObject({ seconds: null, met: null, text: expect.stringMatching(reason) });
  expect(result).toMatchObject({ verdict: 'INVALID', reason: expect.stringMatching(reason) });
});

test.each([
  ['no writes are marked', { ledger: [], readback: [] }, /^not measured: no writes are marked/],
  ['the target names no read-back', { target: { ...evidence.target, readback: {} } }, /names no way to read/],
  [
    'the run ended before it',
    { events: evidence.events.filter((e) => e.detail.phase !== 'verify') },
    /before the read-back/,
  ],
  [
    'nothing could be read',
    { readback: evidence.readback.map((r) => (r.control ? r : { ...r, found: 'unreadable' as const })) },
    /none of the acknowledged/,
  ],
])('where %s the RPO is not measured, and it says so', (_what, change, text) => {
  const result = analyse({ ...evidence, ...change });
  for (const rpo of result.rpo)
    expect(rpo).toMatchObject({ seconds: null, met: null, text: expect.stringMatching(text) });
  expect(result.verdict).toBe('PASS');
});
