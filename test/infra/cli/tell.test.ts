import { tellDryRun, tellLever, tellMove, tellStarted, tellStop } from '../../../infra/cli/tell.ts';
import { start } from '../../lambdas/support/run.ts';

test('a dry run tells every touch and every refusal', () => {
  const change = 'desired count to 0';
  expect(
    tellDryRun({
      target: 'shop',
      wouldTouch: [
        { scenario: 'control', touches: [] },
        { scenario: 'cache-failure', touches: [{ kind: 'service', id: 'shop/cache', change }] },
      ],
      inapplicable: [{ scenario: 'network-latency', reason: "target 'shop' has no managed hosts" }],
      refusals: [{ error: 'LeverPulled', detail: 'by\u001b ann', scenarios: ['control', 'cache-failure'] }],
    }),
  ).toBe(
    [
      "A start on target 'shop' would touch, beside sending it load:",
      '  control: nothing',
      '  cache-failure',
      '    service shop/cache: desired count to 0',
      'It would not run:',
      "  network-latency: target 'shop' has no managed hosts",
      'It would be refused:',
      '  LeverPulled (control, cache-failure): by ann',
      'Nothing was touched.',
    ].join('\n'),
  );
  expect(tellDryRun({ target: 'shop', wouldTouch: [], inapplicable: [], refusals: [] })).toContain(
    'Nothing would refuse it.',
  );
});

test('a stop tells which runs were asked, and who was first', () => {
  expect(tellStop({ gameDayId: 'gd-1', stopped: [] })).toBe('Asked game-day gd-1 to stop.');
  const stopRequested = { reason: 'sale', by: 'ann', at: start };
  expect(tellStop({ runId: 'gd-1-control', stopRequested })).toBe('Asked run gd-1-control to stop: sale (ann).');
});

test('a game-day that has been started is told with how it is stopped', () => {
  expect(tellStarted('gd-1')).toBe('game-day gd-1 (stop it here with Ctrl-C, elsewhere with: npx faultline stop)');
});

describe('a move of the lever', () => {
  const first = { by: 'ann\u001b', reason: 'sale\nnow', at: start };

  test('tells how it stands now', () => {
    expect(tellMove({ ...first, pulled: true, changed: true })).toBe(
      'The safety lever is pulled: sale now (ann, 2027-01-15T08:00:00.000Z)',
    );
  });

  test('that changed nothing tells whose move stands', () => {
    const told = 'already by ann: sale now (2027-01-15T08:00:00.000Z); nothing changed.';
    expect(tellMove({ ...first, pulled: true, changed: false })).toBe(`The safety lever was pulled ${told}`);
    expect(tellMove({ ...first, pulled: false, changed: false })).toBe(`The safety lever was released ${told}`);
  });

  test('that released what nobody has ever pulled says so', () => {
    expect(tellMove({ pulled: false, by: null, reason: null, at: null, changed: false })).toBe(
      'The safety lever is released; nobody has ever pulled it.',
    );
  });
});

test('a lever that nobody ever pulled is released', () => {
  const untouched = { pulled: false, by: null, reason: null, at: null, history: [] };
  expect(tellLever(untouched)).toBe('The safety lever is released; nobody has ever pulled it.');
});
