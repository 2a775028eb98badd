/** A finding of the security rules that stands as it is, and why. `id` and `path` match the finding's own. */
export interface Acknowledged {
  id: RegExp;
  path: RegExp;
  reason: string;
}

export const acknowledged: readonly Acknowledged[] = [
  {
    id: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^Faultline\/(Steps|GameDay|Api|Schedules|Reaper|Checklist|DatabaseDump)\/|^FaultlineDashboards\/Dashboard\//,
    reason:
      'X-Ray (PutTraceSegments), the network interfaces of a Lambda in a VPC, ListTasks, DescribeScalableTargets, DescribeAlarms (composite ones), ListRecoveryPointsByResource, PutMetricData, GetMetricData, DescribeInstanceInformation and what is asked of a command that was sent (its end, or to end it) have no resource to name that is known beforehand; all but the first two are bound by condition keys, read only or, as CancelCommand, no way to change anything but such a command.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^Faultline\/Operator\/Policy\//,
    reason: 'Reading metrics (ListMetrics, GetMetricData) has no resource to name.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /\/Machine\/Role\//,
    reason: "Delivery of a state machine's log and X-Ray traces have no resource to name (documented by AWS).",
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::(<EvidenceBucket\w+\.Arn>|Faultline:Exports\w+EvidenceBucket\w+)\/(runs|game-days|backups)\/\*\]$/,
    path: /^Faultline(Dashboards)?\//,
    reason: 'Keys of objects hold ids of runs and game-days, which are not known when the policy is written.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:(ec2:.*:instance|ssm:.*:managed-instance)\/\*\]$/,
    path: /^Faultline\/Steps\/((Start|Stop)Load|Inject|Revert|Prove(Landed|Gone))Role\//,
    reason: 'Which hosts a target has is known when a run starts; a condition holds it to those with the opt-in tag.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::<\w+\.Arn>:\*\]$/,
    path: /\/(Machine|Closing)\/Role\/|^Faultline\/SchedulerRoleForTarget/,
    reason: 'Versions and aliases of the one named function.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:execution:/,
    path: /^Faultline\/(Operator|GameDay\/Machine)\//,
    reason: 'Executions of the one named state machine: their names are run ids.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:execution:faultline-\*:\*\]$/,
    path: /^Faultline\/Steps\/AnalyseRole\//,
    reason: "The history of any scenario's run is a part of its evidence; execution names are run ids.",
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:parameter\/faultline\/targets\/\*\]$/,
    path: /^Faultline\/(Steps|GameDay|Api|Schedules|Checklist|DatabaseDump)\//,
    reason: 'The configuration of the target that a run names: which one is known when the run starts.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*application-autoscaling.*scalable-target\/\*\]$/,
    path: /^Faultline\/Steps\/(Inject|Revert)Role\//,
    reason: 'The id of a scalable target is not known before it is registered.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:task\/FaultlineLoad:ExportsOutputRefLoadCluster\w+\/\*\]$/,
    path: /^Faultline\/(Steps\/(Start|Stop)LoadRole|Reaper\/FunctionRole)\//,
    reason: 'Tasks of the load cluster alone: their ids are made when they start.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:task\/<SlowQueryCluster\w+>\/\*\]$/,
    path: /^Faultline\/Steps\/(Inject|Revert|ProveLanded|ProveGone)Role\//,
    reason: 'Tasks of the cluster that is for them alone: their ids are made when they start.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:task-definition\/faultline-slow-query-\*\]$/,
    path: /^Faultline\/Steps\/InjectRole\//,
    reason: 'One definition for each target, which are more than a policy has room for, and every revision of it.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /\/(Task|Master|Worker|SlowQuery)\/ExecutionRole\//,
    reason: "Signing in to the account's image registry (ecr:GetAuthorizationToken) has no resource to name.",
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    path: /^FaultlineSampleTarget\/Target\/Host\/Role\//,
    reason: 'What the SSM agent calls for its own instance (ssm, ssmmessages, ec2messages) has no resource to name.',
  },
  {
    id: /^AwsSolutions-EC29$/,
    path: /^FaultlineSampleTarget\/Target\/Host\/Instance\/Resource$/,
    reason: 'The host of a sample application: it goes away with its stack, and holds nothing.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:ecs:.*:service\/\*\]$/,
    path: /^Faultline\/(Steps\/(Prepare|Inject|Revert|Prove(Landed|Gone))Role|Api|Schedules)\//,
    reason:
      'Services of targets that this app does not make: described to say that one has not opted in; scaled only where it carries the tag, which a condition asks.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:log-group:\/faultline\/sample\/\*\]$/,
    path: /^Faultline\/Steps\/KeepTelemetryRole\//,
    reason: "The log groups of the one target: the application's, the database's and the cache's.",
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:log-group:\*\]$/,
    path: /^Faultline\/Steps\/KeepTelemetryRole\//,
    reason: 'Log groups of targets that this app does not make: only those that carry the tag, which a condition asks.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:function:faultline-backup-\*\]$/,
    path: /^Faultline\/Checklist\//,
    reason: "The backup hook that a target's configuration names, which has to have a name like that.",
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:schedule\/faultline\/\*\]$/,
    path: /^Faultline\/Api\//,
    reason: 'Schedules of the one group that is for them alone: operators name them.',
  },
  {
    id: /^AwsSolutions-SQS3$/,
    path: /^Faultline\/Schedules\/DeadLetters\/Resource$/,
    reason: 'It is the dead-letter queue.',
  },
  {
    id: /^AwsSolutions-COG4$/,
    path: /^Faultline\/Api\//,
    reason: 'Every method asks IAM: operators are IAM users and roles, and there are no user pools.',
  },
  {
    id: /^AwsSolutions-APIG2$/,
    path: /^Faultline\/Api\/Api\/Resource$/,
    reason: 'The Lambda checks every request by strict schemas, in more detail than a request validator can.',
  },
  {
    id: /^AwsSolutions-APIG3$/,
    path: /^Faultline\/Api\/Api\/DeploymentStage\.v1\/Resource$/,
    reason: 'Nothing gets past IAM without a signature of this account; the stage is throttled.',
  },
  {
    id: /^AwsSolutions-IAM4\[Policy::.*AmazonAPIGatewayPushToCloudWatchLogs\]$/,
    path: /^Faultline\/Api\/Api\/CloudWatchRole\/Resource$/,
    reason: 'The role with which API Gateway writes the logs of an account is documented with this policy.',
  },
  {
    id: /^AwsSolutions-IAM5\[Resource::.*:execute-api:.*\/v1\/\*\/\*\]$/,
    path: /^Faultline\/Operator\//,
    reason: 'Every method and path of the one API: an operator may use all of it.',
  },
  {
    id: /^AwsSolutions-ECS2$/,
    path: /\/(Load\/\w+|Target\/\w+\/Task)\/Resource$/,
    reason: 'Names, addresses and switches; secrets come from Secrets Manager.',
  },
  {
    id: /^AwsSolutions-S1$/,
    path: /^Faultline\/Evidence\/Bucket\/Resource$/,
    reason:
      'Access is by four roles of this stack; a log bucket would be larger than the evidence. CloudTrail data events can be turned on where they are wanted.',
  },
  {
    id: /^AwsSolutions-SMG4$/,
    path: /^FaultlineSampleTarget\/Target\/DatabaseLogin\/Resource$/,
    reason: 'The login of a sample database that is thrown away with its stack.',
  },
];
