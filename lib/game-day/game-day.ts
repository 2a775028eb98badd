import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  type IChainable,
  IntegrationPattern,
  JitterType,
  Map as MapState,
  Pass,
  ProvideItems,
  type StateMachine,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Scenario } from '../../lambdas/scenarios/scenario.ts';
import type { Checklist } from '../checklist/checklist.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import { BrokenOffRule } from '../machines/broken-off-rule.ts';
import { FaultlineMachine } from '../machines/faultline-machine.ts';
import type { Notifications } from '../notifications/notifications.ts';
import type { ScenarioMachine } from '../scenario-machine/scenario-machine.ts';
import { invoke } from '../scenario-machine/steps.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { RunsTable } from '../store/runs-table.ts';
import type { Targets } from '../targets/targets.ts';

export interface GameDayProps {
  machines: ReadonlyMap<Scenario, ScenarioMachine>;
  table: RunsTable;
  evidence: EvidenceBucket;
  environment: Partial<Record<VariableName, string>>;
  targets: Targets;
  checklist: Checklist;
  notifications: Notifications;
}

const gameDayId = '{% $states.input.gameDayId %}';

/**
 * An ordered suite of runs, one after the other, with one combined report at the end, however they ended. Before the
 * first of them comes what the execution checklist asks for.
 */
export class GameDay extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: GameDayProps) {
    super(scope, id);
    const fn = (name: string, file: string, seconds: number) => {
      const made = new FaultlineFunction(this, name, {
        handler: `game-day/${file}.lambda.ts`,
        timeout: Duration.seconds(seconds),
        environment: { ...props.environment, TOPIC_ARN: props.notifications.topicArn },
      });
      props.table.grantReadWrite(made);
      props.targets.grantReadConfiguration(made);
      return made;
    };
    const close = fn('CloseFunction', 'close', 30);
    const plan = fn('PlanFunction', 'plan', 30);
    const nextRun = fn('NextRunFunction', 'next-run', 90);
    const report = fn('ReportFunction', 'report', 120);
    props.evidence.grantReadWrite(report);
    props.notifications.grantAnnounce(report);

    const runs = MapState.jsonata(this, 'Runs', {
      items: ProvideItems.jsonata('{% $states.input.runs %}'),
      maxConcurrency: 1,
      outputs: { gameDayId, ended: '{% $states.result %}' },
    }).itemProcessor(this.oneRun(nextRun, props.machines));
    const definition = invoke(this, 'Plan', plan, '{% $states.input %}', {
      gameDayId: '{% $states.result.Payload.gameDayId %}',
      runs: '{% $states.result.Payload.runs %}',
    })
      .next(
        invoke(
          this,
          'Checklist',
          props.checklist.begin,
          { gameDayId },
          { gameDayId, runs: '{% $states.input.runs %}' },
        ),
      )
      .next(runs)
      .next(
        invoke(this, 'Report', report, '{% $states.input %}', { gameDayId, report: '{% $states.result.Payload %}' }),
      );

    this.machine = new FaultlineMachine(this, 'Machine', {
      name: 'faultline-game-day',
      comment: 'An ordered suite of runs with one combined report.',
      definition,
      timeout: Duration.hours(12),
    });
    this.closeWhatBrokeOff(close, report);
  }

  /** A game-day whose execution was stopped, timed out or failed: its runs are stopped, and its report is written. */
  private closeWhatBrokeOff(close: FaultlineFunction, report: FaultlineFunction): void {
    const closing = invoke(this, 'Close', close, '{% $states.input %}', {
      gameDayId: '{% $states.result.Payload.gameDayId %}',
      over: '{% $states.result.Payload.status %}',
      status: '{% $states.input.status %}',
    });
    const pause = Wait.jsonata(this, 'Let its runs end', {
      time: WaitTime.duration(Duration.seconds(5)),
      outputs: { gameDayId, status: '{% $states.input.status %}' },
    }).next(closing);
    const write = invoke(this, 'Report all the same', report, { gameDayId, ended: [] }, { gameDayId });
    const definition = closing.next(
      Choice.jsonata(this, 'Over?')
        .when(Condition.jsonata("{% $states.input.over = 'running' %}"), pause)
        .when(Condition.jsonata("{% $states.input.over = 'over' %}"), write)
        .otherwise(Succeed.jsonata(this, 'Nothing to close')),
    );
    const starts = new FaultlineMachine(this, 'Closing', {
      name: 'faultline-game-day-close',
      comment: 'Ends a game-day whose own execution has ended without doing so.',
      definition,
      timeout: Duration.hours(1),
    });
    new BrokenOffRule(this, 'BrokenOff', { machines: [this.machine], starts, nameIs: 'gameDayId' });
  }

  /** A run that is refused or fails leaves its reason with the game-day, and the next one starts. */
  private oneRun(nextRun: FaultlineFunction, machines: GameDayProps['machines']): IChainable {
    const ended = Pass.jsonata(this, 'Run ended');
    const which = Choice.jsonata(this, 'Which scenario?');
    for (const [scenario, { machine }] of machines) {
      const start = StepFunctionsStartExecution.jsonata(this, `Run ${scenario.id}`, {
        stateMachine: machine,
        integrationPattern: IntegrationPattern.RUN_JOB,
        name: '{% $states.input.runId %}',
        input: TaskInput.fromObject({
          runId: '{% $states.input.runId %}',
          gameDayId,
          target: '{% $states.input.target %}',
          scenario: scenario.id,
          profile: '{% $states.input.profile %}',
        }),
        outputs: { runId: '{% $states.input.runId %}' },
      });
      start.addRetry({
        errors: ['StepFunctions.ThrottlingException', 'StepFunctions.SdkClientException'],
        interval: Duration.seconds(1),
        backoffRate: 2,
        maxAttempts: 4,
        jitterStrategy: JitterType.FULL,
      });
      start.addCatch(ended, {
        outputs: {
          runId: '{% $states.input.runId %}',
          problem: '{% $substring($string($states.errorOutput.Cause), 0, 4000) %}',
        },
      });
      which.when(Condition.jsonata(`{% $states.input.scenario = '${scenario.id}' %}`), start.next(ended));
    }
    which.otherwise(ended);
    const run = '{% $states.input %}';
    const check = invoke(
      this,
      'Next run',
      nextRun,
      { gameDayId, runId: '{% $states.input.runId %}' },
      {
        run,
        next: '{% $states.result.Payload.next %}',
      },
    );
    const unwrapped = (name: string) => Pass.jsonata(this, name, { outputs: '{% $states.input.run %}' as never });
    return check.next(
      Choice.jsonata(this, 'Stopped?')
        .when(Condition.jsonata("{% $states.input.next = 'proceed' %}"), unwrapped('Proceed').next(which))
        .when(Condition.jsonata("{% $states.input.next = 'wait' %}"), unwrapped('Cool down').next(check))
        .otherwise(Pass.jsonata(this, 'Run not started', { outputs: { runId: '{% $states.input.run.runId %}' } })),
    );
  }
}
