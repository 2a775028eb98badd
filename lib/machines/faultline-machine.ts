import type { Duration } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, type IChainable, LogLevel, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface FaultlineMachineProps {
  name: string;
  comment: string;
  definition: IChainable;
  /** Past it the execution is ended from outside. */
  timeout: Duration;
}

/** A JSONata state machine that traces, and keeps its log with all data for a month. */
export class FaultlineMachine extends StateMachine {
  constructor(scope: Construct, id: string, { name, comment, definition, timeout }: FaultlineMachineProps) {
    super(scope, id, {
      stateMachineName: name,
      comment,
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(definition),
      timeout,
      tracingEnabled: true,
      logs: {
        level: LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(scope, `${id}Logs`, {
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: RetentionDays.ONE_MONTH,
        }),
      },
    });
  }
}
