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

test('every scenario whose execution is stopped, times out or fails is handed to it by its run id', () => {
  const rules = Object.values(core.findResources('AWS::Events::Rule')).map((rule) => rule.Properties);
  const [rule] = rules.filter((r) => JSON.stringify(r.EventPattern).includes('Execution Status Change'));
  expect(rule!.EventPattern).toEqual({
    source: ['aws.states'],
    'detail-type': ['Step Functions Execution Status Change'],
    detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: expect.any(Array) },
  });
  const machines = core.findResources('AWS::StepFunctions::StateMachine');
  const named = rule!.EventPattern.detail.stateMachineArn.map(
    ({ Ref }: { Ref: string }) => machines[Ref]!.Properties.StateMachineName,
  );
  expect(named.sort()).toEqual(availableScenarios.map(({ id }) => `faultline-${id}`).sort());
  const [{ InputTransformer, Arn }] = rule!.Targets;
  expect(machines[Arn.Ref]!.Properties.StateMachineName).toBe('faultline-clean-up');
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
