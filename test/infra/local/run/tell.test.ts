import { tellDryRun, tellLever, tellStop } from '../../../../infra/local/run/tell.ts';
import { start } from '../../../lambdas/support/run.ts';

test('a dry run tells every touch and every refusal', () => {
  const change = 'desired count to 0';
  expect(
    tellDryRun({
      target: 'shop',
      wouldTouch: [
        { scenario: 'control', touches: [] },
        { scenario: 'cache-failure', touches: [{ kind: 'service', id: 'shop/cache', change }] },
      ],
      refusals: [{ error: 'LeverPulled', detail: 'by\u001b ann', scenarios: ['control', 'cache-failure'] }],
    }),
  ).toBe(
    [
      'A game-day on target shop would touch, beside sending it load:',
      '  control: nothing',
      '  cache-failure',
      '    service shop/cache: desired count to 0',
      'It would be refused:',
      '  LeverPulled (control, cache-failure): by ann',
      'Nothing was touched.',
    ].join('\n'),
  );
  expect(tellDryRun({ target: 'shop', wouldTouch: [], refusals: [] })).toContain('Nothing would refuse it.');
});

test('a stop tells which runs were asked, and who was first', () => {
  expect(tellStop({ gameDayId: 'gd-1', stopped: [] })).toBe('Asked game-day gd-1 to stop.');
  const stopRequested = { reason: 'sale', by: 'ann', at: start };
  expect(tellStop({ runId: 'gd-1-control', stopRequested })).toBe('Asked run gd-1-control to stop: sale (ann).');
});

test('a lever that nobody ever pulled is released', () => {
  const untouched = { pulled: false, by: null, reason: null, at: null, history: [] };
  expect(tellLever(untouched)).toBe('The safety lever is released; nobody has ever pulled it.');
});
