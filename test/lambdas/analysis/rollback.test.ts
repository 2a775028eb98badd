import { analyse } from '../../../lambdas/analysis/analyse.ts';
import { rollbackItem } from '../../../lambdas/analysis/rollback.ts';
import type { RunEvent } from '../../../lambdas/runs/run.ts';
import { controlRun } from './support/stories.ts';
import { tell } from './support/story.ts';

const inject: RunEvent = { at: 10, type: 'phase', detail: { phase: 'inject' } };
const undo = (at: number): RunEvent => ({ at, type: 'undo-written', detail: { original: {} } });
const call = (at: number, operation: string, parameters: object = {}, service = 'ecs'): RunEvent => ({
  at,
  type: 'api-call',
  detail: { service, operation, parameters },
});
const status = (at: number) => call(at, 'SendCommand', { DocumentName: 'Faultline-Status' }, 'ssm');
const kill = (at: number) => call(at, 'SendCommand', { DocumentName: 'Faultline-ProcessKill' }, 'ssm');

test.each<[string, RunEvent[], boolean, string]>([
  [
    'before the first call',
    [inject, undo(10.5), call(11, 'UpdateService')],
    true,
    'undo record 0.5 s before the first call, ecs UpdateService',
  ],
  [
    'before a command that changes the host, after one that only looks',
    [inject, status(10.2), undo(10.4), kill(11.4)],
    true,
    'undo record 1.0 s before the first call, ssm SendCommand',
  ],
  [
    'after the first call',
    [inject, call(10.5, 'UpdateService'), undo(11)],
    false,
    'no undo record before the first call, ecs UpdateService',
  ],
  ['nowhere', [inject, call(10.5, 'UpdateService')], false, 'no undo record before the first call, ecs UpdateService'],
])('an undo record %s', (_when, events, done, evidence) => {
  expect(rollbackItem(events, 'shop')).toEqual([
    { item: 'Prepare rollback procedures', done, evidence: `shop: ${evidence}` },
  ]);
});

test('calls of the load are no injection, and where nothing was injected there is nothing to prepare', () => {
  expect(rollbackItem([call(5, 'RunTask'), inject, undo(10.1)], 'shop')).toEqual([]);
  expect(analyse(tell(controlRun).evidence).checklist).toEqual([]);
});
