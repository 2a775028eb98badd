import { recordOf, type TaskRecord } from '../../../../infra/local/ecs/task-record.ts';

/** A task with one container, as the fault plane takes it up; `changes` over it. */
export function taskRecord(id: string, changes: Partial<TaskRecord> = {}): TaskRecord {
  const record = recordOf(
    {
      taskArn: `arn:aws:ecs:us-east-1:000000000000:task/main/${id}`,
      clusterArn: 'arn:aws:ecs:us-east-1:000000000000:cluster/main',
      group: 'service:database',
      createdAt: new Date(1_000_000),
    },
    {
      family: 'database',
      taskDefinitionArn: 'arn:aws:ecs:us-east-1:000000000000:task-definition/database:1',
      containerDefinitions: [{ name: 'postgres', image: 'postgres:18' }],
    },
    null,
    1_000,
  );
  return { ...record, ...changes };
}
