import { listOf, overlayCluster, overlayService, overlayTask, type Wire } from './overlay.ts';
import type { Scheduler } from './scheduler.ts';
import { nameOf } from './task-record.ts';

const mutations = new Set(['CreateService', 'UpdateService', 'DeleteService', 'RunTask', 'StopTask', 'DeleteCluster']);

/** Operations after which other tasks may be wanted than before. */
export function isMutation(operation: string): boolean {
  return mutations.has(operation);
}

/** In the words of ECS on Fargate. */
export const noCapacity =
  'Capacity is unavailable at this time. Please try again later or in a different availability zone';

/**
 * The emulator's answer to an ECS operation, made true. What it returns is called when the answer is due, which after
 * a change is when the scheduler has taken the change up.
 */
export async function answerTruly(operation: string, answer: Wire, scheduler: Scheduler): Promise<() => Wire> {
  const task = (wire: Wire) => trueTask(wire, scheduler);
  switch (operation) {
    case 'RunTask': {
      const arns = listOf(answer.tasks).map(({ taskArn }) => String(taskArn));
      const refused = await scheduler.admit(arns);
      return () => ({
        ...answer,
        tasks: listOf(answer.tasks)
          .filter(({ taskArn }) => !refused.includes(String(taskArn)))
          .map(task),
        failures: [...listOf(answer.failures), ...refused.map(() => ({ reason: noCapacity }))],
      });
    }
    case 'StopTask':
      return () => ({ ...answer, task: task(answer.task as Wire) });
    case 'DescribeTasks':
      if (listOf(answer.tasks).some(({ taskArn }) => !isKnown(String(taskArn), scheduler))) await scheduler.poll();
      return () => describedTasks(answer, scheduler);
    case 'ListTasks':
      return () => ({ ...answer, taskArns: (answer.taskArns as string[]).filter((arn) => !scheduler.isRefused(arn)) });
    case 'DescribeServices':
      return () => ({ ...answer, services: listOf(answer.services).map((wire) => trueService(wire, scheduler)) });
    case 'CreateService':
    case 'UpdateService':
    case 'DeleteService':
      return () => ({ ...answer, service: trueService(answer.service as Wire, scheduler) });
    case 'DescribeClusters':
      return () => ({ ...answer, clusters: listOf(answer.clusters).map((wire) => trueCluster(wire, scheduler)) });
    default:
      return () => answer;
  }
}

function isKnown(arn: string, scheduler: Scheduler): boolean {
  return scheduler.tasks.has(arn) || scheduler.isRefused(arn);
}

function trueTask(wire: Wire, scheduler: Scheduler): Wire {
  const record = scheduler.tasks.get(String(wire.taskArn));
  return record === undefined ? wire : overlayTask(wire, record);
}

function describedTasks(answer: Wire, scheduler: Scheduler): Wire {
  const [shown, hidden] = [false, true].map((refused) =>
    listOf(answer.tasks).filter(({ taskArn }) => scheduler.isRefused(String(taskArn)) === refused),
  );
  const missing = hidden!.map(({ taskArn }) => ({ arn: taskArn, reason: 'MISSING' }));
  return {
    ...answer,
    tasks: shown!.map((wire) => trueTask(wire, scheduler)),
    failures: [...listOf(answer.failures), ...missing],
  };
}

function trueService(wire: Wire, scheduler: Scheduler): Wire {
  return overlayService(wire, scheduler.truthOf(nameOf(String(wire.clusterArn)), String(wire.serviceName)));
}

function trueCluster(wire: Wire, scheduler: Scheduler): Wire {
  const own = [...scheduler.tasks.values()].filter(({ cluster }) => cluster === wire.clusterName);
  return overlayCluster(wire, own);
}
