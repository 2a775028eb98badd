import { availableScenarios } from '../../../lambdas/scenarios/registry.ts';
import { endsFrom, machineNamed, reachable, stateOf } from '../support/machine.ts';
import { synth } from '../support/synth.ts';

const { core } = synth('aws');
const machine = machineNamed(core, 'faultline-clean-up');

test('it takes the run over first, and then ends it as every run ends', () => {
  expect(machine.StartAt).toBe('Take over');
  expect(endsFrom(machine, 'Take over')).toEqual(['Nothing left', 'Released']);
  const scenario = machineNamed(core, 'faultline-cache-failure');
  const tail = [...reachable(scenario, 'Ensure reverted')];
  expect(reachable(machine, 'Ensure reverted')).toEqual(new Set(tail));
  for (const name of tail) expect(stateOf(machine, name)).toEqual(stateOf(scenario, name));
});

function ruleThatStarts(name: string) {
  const machines = core.findResources('AWS::StepFunctions::StateMachine');
  const rules = Object.values(core.findResources('AWS::Events::Rule')).map((rule) => rule.Properties);
  const found = rules.filter((r) => machines[r.Targets[0].Arn.Ref]?.Properties.StateMachineName === name);
  expect(found).toHaveLength(1);
  return { rule: found[0]!, machines };
}

test('a game-day whose execution breaks off is closed, with its report', () => {
  const { rule, machines } = ruleThatStarts('faultline-game-day-close');
  const [{ Ref }] = rule.EventPattern.detail.stateMachineArn;
  expect(machines[Ref]!.Properties.StateMachineName).toBe('faultline-game-day');
  const closing = machineNamed(core, 'faultline-game-day-close');
  expect(endsFrom(closing, closing.StartAt)).toEqual(['Nothing to close', 'Report all the same']);
  expect(reachable(closing, 'Let its runs end')).toContain('Close');
});

test('every scenario whose execution is stopped, times out or fails is handed to it by its run id', () => {
  const { rule, machines } = ruleThatStarts('faultline-clean-up');
  expect(rule.EventPattern).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: expect.any(Array) },
  });
  const named = rule.EventPattern.detail.stateMachineArn.map(
    ({ Ref }: { Ref: string }) => machines[Ref]!.Properties.StateMachineName,
  );
  expect(named.sort()).toEqual(availableScenarios.map(({ id }) => `faultline-${id}`).sort());
  const [{ InputTransformer }] = rule.Targets;
  expect(InputTransformer.InputPathsMap).toEqual({
    'detail-name': '$.detail.name',
    'detail-status': '$.detail.status',
  });
  expect(JSON.parse(InputTransformer.InputTemplate.replaceAll(/<([^>]+)>/g, '"<$1>"'))).toEqual({
    runId: '<detail-name>',
    status: '<detail-status>',
  });
});

test('the reaper is called once a minute, for this minute alone', () => {
  const [schedule] = Object.values(core.findResources('AWS::Scheduler::Schedule'));
  expect(schedule!.Properties).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    State: 'ENABLED',
    Target: { RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } },
  });
});
