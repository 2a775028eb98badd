import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, type StateMachine, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { ManagedHosts } from '../hosts/managed-hosts.ts';
import { FaultlineMachine } from '../machines/faultline-machine.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { grantReadAlarms } from '../safety/alarms.ts';
import { invoke } from '../scenario-machine/steps.ts';
import type { RunsTable } from '../store/runs-table.ts';
import type { Targets } from '../targets/targets.ts';

export interface SchedulesProps {
  gameDay: StateMachine;
  table: RunsTable;
  targets: Targets;
  hosts: ManagedHosts;
  notifications: Notifications;
  environment: Partial<Record<VariableName, string>>;
}

/**
 * Game-days by the clock. Operators' schedules are in a group of their own; each of them starts this machine, which
 * starts the game-day as a person would, or waits for its turn.
 */
export class Schedules extends Construct {
  private readonly group: ScheduleGroup;
  private readonly machine: StateMachine;
  private readonly role: Role;
  private readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    { gameDay, table, targets, hosts, notifications, ...props }: SchedulesProps,
  ) {
    super(scope, id);
    const deliver = new FaultlineFunction(this, 'DeliverFunction', {
      handler: 'schedules/deliver.lambda.ts',
      timeout: Duration.seconds(60),
      environment: {
        ...props.environment,
        GAME_DAY_MACHINE: gameDay.stateMachineArn,
        TOPIC_ARN: notifications.topicArn,
      },
    });
    table.grantReadWrite(deliver);
    targets.grantReadConfiguration(deliver);
    targets.grantDescribe(deliver);
    hosts.grantFind(deliver);
    grantReadAlarms(deliver);
    gameDay.grantStartExecution(deliver);
    notifications.grantAnnounce(deliver);

    this.machine = this.delivering(deliver);
    this.group = new ScheduleGroup(this, 'Group', {
      scheduleGroupName: 'faultline',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.machine.grantStartExecution(this.role);
    this.deadLetters.grantSendMessages(this.role);
  }

  private delivering(deliver: FaultlineFunction): StateMachine {
    const input = { schedule: '{% $states.input.schedule %}', scheduledTime: '{% $states.input.scheduledTime %}' };
    const start = invoke(this, 'Start game-day', deliver, input, {
      ...input,
      status: '{% $states.result.Payload.status %}',
    });
    const turn = Wait.jsonata(this, 'Wait for its turn', {
      time: WaitTime.duration(Duration.seconds(30)),
      outputs: input,
    }).next(start);
    return new FaultlineMachine(this, 'Machine', {
      name: 'faultline-scheduled-start',
      comment: 'Starts a game-day that is due, or waits until its target is free.',
      definition: start.next(
        Choice.jsonata(this, 'Taken?')
          .when(Condition.jsonata("{% $states.input.status = 'wait' %}"), turn)
          .otherwise(Succeed.jsonata(this, 'Delivered')),
      ),
      timeout: Duration.hours(7),
    });
  }

  /** For whoever makes schedules. */
  get environment(): Partial<Record<VariableName, string>> {
    return {
      SCHEDULE_GROUP: this.group.scheduleGroupName,
      SCHEDULE_MACHINE: this.machine.stateMachineArn,
      SCHEDULE_ROLE: this.role.roleArn,
      SCHEDULE_DEAD_LETTERS: this.deadLetters.queueArn,
    };
  }

  /** Making and unmaking schedules of this group, which start this machine and nothing else. */
  grantManage({ grantPrincipal }: IGrantable): void {
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.group.scheduleGroupName}/*`,
    });
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
        resources: [schedules],
      }),
    );
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }
}
