/** CloudFormation resources: a schedule starts a state machine, which invokes a Lambda and puts an event, which a rule has start another one. */
export function chain({ region, account }: { region: string; account: string }, startsAt: Date) {
  const role = (service: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        { PolicyName: 'all', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
      ],
    },
  });
  const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
  const definition = {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: `arn:aws:lambda:${region}:${account}:function:asked`,
        ResultPath: '$.answer',
        Next: 'Tell',
      },
      Tell: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Parameters: { Entries: [{ Source: 'test', DetailType: 'told', Detail: { 'answer.$': '$.answer' } }] },
        End: true,
      },
    },
  };
  return {
    Role: role('lambda.amazonaws.com'),
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'asked',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: arn('Role'),
        Code: { ZipFile: "exports.handler = async () => 'from the Lambda';" },
      },
    },
    First: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'first',
        RoleArn: arn('Role'),
        DefinitionString: JSON.stringify(definition),
      },
    },
    Second: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'second',
        RoleArn: arn('Role'),
        DefinitionString: JSON.stringify({ StartAt: 'End', States: { End: { Type: 'Succeed' } } }),
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['test'] },
        Targets: [{ Id: 'second', Arn: arn('Second'), RoleArn: arn('Role') }],
      },
    },
    Schedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: `at(${startsAt.toISOString().slice(0, 19)})`,
        Target: { Arn: arn('First'), RoleArn: arn('Role'), Input: '{}' },
      },
    },
  };
}
