import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ContainerRecord, TaskRecord } from './task-record.ts';

const flushEveryMs = 1_000;
const largestBatch = 1_000;
/** Lines kept while CloudWatch Logs does not take them; older ones are in the state folder's file. */
const longestBacklog = 10_000;

export interface LogStream {
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * The awslogs driver: a container's lines in `<prefix>/<container>/<task id>` of its log group. Undefined when the
 * container has another driver or none.
 * @throws when the group does not exist and is not to be made, which keeps a task from starting, as on ECS
 */
export async function openLogStream(
  logs: CloudWatchLogsClient,
  task: TaskRecord,
  container: ContainerRecord,
  now: () => number,
): Promise<LogStream | undefined> {
  const configuration = container.definition.logConfiguration;
  const options = configuration?.options ?? {};
  const logGroupName = options['awslogs-group'];
  if (configuration?.logDriver !== 'awslogs' || logGroupName === undefined) return undefined;
  const prefix = options['awslogs-stream-prefix'] ?? 'ecs';
  const logStreamName = `${prefix}/${container.name}/${task.id}`;
  if (options['awslogs-create-group'] === 'true') {
    await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(unlessExists);
  }
  return openStream(logs, logGroupName, logStreamName, now);
}

/** A stream of a group that exists. */
export async function openStream(
  logs: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  now: () => number,
): Promise<LogStream> {
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })).catch(unlessExists);

  let waiting: { timestamp: number; message: string }[] = [];
  let sending: Promise<void> = Promise.resolve();
  const flush = () => {
    sending = sending.then(async () => {
      while (waiting.length > 0) {
        const logEvents = waiting.slice(0, largestBatch);
        await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
        waiting = waiting.slice(logEvents.length);
      }
    });
    // Kept for the next time; what the driver cannot deliver must not stop the container.
    sending = sending.catch((error: Error) =>
      console.error(`logs of ${logStreamName} not delivered: ${error.message}`),
    );
    return sending;
  };
  const timer = setInterval(flush, flushEveryMs);
  return {
    write(message) {
      if (message !== '') waiting.push({ timestamp: now(), message });
      if (waiting.length > longestBacklog) waiting.shift();
    },
    close() {
      clearInterval(timer);
      return flush();
    },
  };
}

function unlessExists(error: Error): void {
  if (error.name !== 'ResourceAlreadyExistsException') throw error;
}
