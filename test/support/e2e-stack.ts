import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { GetRolePolicyCommand, IAMClient, ListRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type DeployOptions as AppOptions, type Deployment, deploy } from '../../infra/local/run/deploy.ts';
import { type Credentials, createOperator } from '../../infra/local/run/operator.ts';
import { bootSampleHost, startSampleHost } from '../../infra/local/run/sample-host.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack, type TaskProcess } from '../../infra/local/stack.ts';
import { EvidenceClient } from '../../lambdas/evidence/evidence.client.ts';
import { runIdOf } from '../../lambdas/game-day/game-day.ts';
import { GameDayOperator } from '../../lambdas/operator/game-day-operator.ts';
import type { PhaseName, Run } from '../../lambdas/runs/run.ts';
import type { ScenarioId } from '../../lambdas/scenarios/scenario.ts';
import type { AppOn } from '../../lib/sample-target/sample-target.ts';
import { eventually, python } from '../infra/local/probe.ts';
import { descendants } from './e2e-processes.ts';
import { freePort } from './services.ts';

/** The target that is always there; tests that need another one name it. */
const sample = 'sample';
const quietly = (fragile: string) => ({ fragile, onProgress: () => {} });
const mostSecondsOfARun = 200;

export interface DeployOptions
  extends Pick<LocalStackOptions, 'durable' | 'images' | 'maxTasks'>,
    Pick<AppOptions, 'starts'> {
  /** Ids of the sample targets. */
  targets?: string[];
  /** Where their applications run; `host` boots a managed host for each. Default `service`. */
  appOn?: AppOn;
  /** Switches of the applications on hosts that turn good behaviours off, by target. */
  fragile?: Readonly<Record<string, string>>;
}

interface Statement {
  Action: string | string[];
}

/** The app deployed to a local stack of its own, seen as an operator and, to look behind the scenes, as root. */
export class DeployedApp {
  readonly stack: LocalStack;
  readonly operatorCredentials: Credentials;
  readonly operator: GameDayOperator;
  readonly deployment: Deployment;
  /** As root. One is made for all calls: the making costs more than a call. */
  readonly sfn: SFNClient;
  readonly ecs: ECSClient;
  readonly s3: S3Client;
  private readonly table: DynamoDBDocumentClient;

  /** Of each target whose application is on a managed host, the switches that are off. */
  private readonly hosted: ReadonlyMap<string, string>;

  private constructor(
    stack: LocalStack,
    deployment: Deployment,
    operatorCredentials: Credentials,
    hosted: ReadonlyMap<string, string>,
  ) {
    this.stack = stack;
    this.deployment = deployment;
    this.hosted = hosted;
    this.operatorCredentials = operatorCredentials;
    this.operator = new GameDayOperator(deployment, this.as(operatorCredentials));
    this.sfn = new SFNClient(this.root);
    this.ecs = new ECSClient(this.root);
    this.s3 = new S3Client(this.root);
    this.table = DynamoDBDocumentClient.from(new DynamoDBClient(this.root));
  }

  static async deploy({
    targets = [sample],
    appOn = 'service',
    starts,
    fragile = {},
    ...options
  }: DeployOptions = {}): Promise<DeployedApp> {
    const stack = await startLocalStack({ ...options, python, port: await freePort() });
    try {
      const deployment = await deploy(stack, { fragile: '', targets, appOn, starts, onProgress: () => {} });
      const hosted = new Map(appOn === 'host' ? targets.map((id) => [id, fragile[id] ?? '']) : []);
      await startHosts(stack, hosted);
      return new DeployedApp(stack, deployment, await createOperator(stack, deployment.OperatorPolicyArn), hosted);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /**
   * Goes on where this one was when its stack was killed, its hosts booted anew, in whatever fault they are; the stack has
   * to be a durable one.
   */
  async resumed(): Promise<DeployedApp> {
    const port = Number(new URL(this.stack.endpoint).port);
    const stack = await startLocalStack({ python, port, resume: this.stack.stateDir });
    for (const [id, fragile] of this.hosted) await bootSampleHost(stack, id, quietly(fragile));
    return new DeployedApp(stack, this.deployment, this.operatorCredentials, this.hosted);
  }

  /** Cuts the hosts' power and switches them on again. */
  async rebootHosts(): Promise<void> {
    for (const host of await this.stack.hosts()) await host.stop();
    await startHosts(this.stack, this.hosted);
  }

  /** Settings of a client with these credentials. */
  as(credentials: Credentials) {
    const { endpoint, region } = this.stack;
    return { endpoint, region, credentials, forcePathStyle: true };
  }

  /** Settings of a client that may do everything, and asks again where a test has the stack throttle a third of all calls. */
  get root() {
    return { ...this.as(this.stack.root), maxAttempts: 12 };
  }

  /** Starts a game-day of one scenario as an operator does. */
  async startGameDay(scenario: ScenarioId, target = sample): Promise<StartedGameDay> {
    const { gameDayId } = await this.operator.api.start({ target, scenarios: [scenario], profile: 'quick' });
    return new StartedGameDay(this.operator, gameDayId, runIdOf(gameDayId, scenario));
  }

  /** Starts one scenario's own machine with a run of this id, as a game-day would. Returns the execution. */
  async startRun(scenario: ScenarioId, runId: string, target = sample): Promise<string> {
    const { executionArn } = await this.sfn.send(
      new StartExecutionCommand({
        stateMachineArn: this.machineArn(`faultline-${scenario}`),
        name: runId,
        input: JSON.stringify({ runId, target, scenario, profile: 'quick' }),
      }),
    );
    return executionArn!;
  }

  machineArn(name: string): string {
    return this.deployment.GameDayMachineArn.replace('faultline-game-day', name);
  }

  /** Starts one scenario's own machine and waits for its end. */
  async executeScenario(scenario: ScenarioId, runId: string) {
    const executionArn = await this.startRun(scenario, runId);
    return this.executionEnd(executionArn);
  }

  /** Waits until an execution has ended, and describes it. */
  executionEnd(executionArn: string, seconds = mostSecondsOfARun) {
    return eventually(
      `${executionArn} ends`,
      async () => {
        const execution = await this.sfn.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status !== 'RUNNING' && execution;
      },
      seconds,
    );
  }

  /** The table's items with this partition key, or the one with this sort key too, without the client that wrote them. */
  async items(pk: string, sk?: string): Promise<{ sk: string; data: Record<string, unknown> }[]> {
    const found: Record<string, unknown>[] = [];
    let next: Record<string, unknown> | undefined;
    do {
      const page = await this.table.send(
        new QueryCommand({
          TableName: this.deployment.TableName,
          KeyConditionExpression: sk === undefined ? 'pk = :pk' : 'pk = :pk AND sk = :sk',
          ExpressionAttributeValues: { ':pk': pk, ...(sk !== undefined && { ':sk': sk }) },
          ConsistentRead: true,
          ExclusiveStartKey: next,
        }),
      );
      found.push(...(page.Items ?? []));
      next = page.LastEvaluatedKey;
    } while (next);
    return found as { sk: string; data: Record<string, unknown> }[];
  }

  /** Bytes of each input and output that an execution's history tells of. */
  async payloadSizes(machine: string, execution: string): Promise<number[]> {
    const executionArn = `${this.machineArn(machine).replace(':stateMachine:', ':execution:')}:${execution}`;
    const sizes: number[] = [];
    for await (const { events = [] } of paginateGetExecutionHistory({ client: this.sfn }, { executionArn })) {
      for (const details of events.flatMap((event) => Object.values(event))) {
        const { input, output, parameters } = Object(details) as Record<string, unknown>;
        for (const text of [input, output, parameters])
          if (typeof text === 'string') sizes.push(Buffer.byteLength(text));
      }
    }
    return sizes;
  }

  /** Keys in the bucket that begin like this. */
  async evidence(prefix: string): Promise<string[]> {
    const bucket = new EvidenceClient(this.s3, this.deployment.BucketName);
    return bucket.keys(prefix);
  }

  /** Desired and running count of one of a target's services. */
  async counts(service: string, target = sample) {
    const { services } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: `faultline-${target}`, services: [serviceOf(service, target)] }),
    );
    return { desired: services?.[0]?.desiredCount, running: services?.[0]?.runningCount };
  }

  async databaseUrl(): Promise<string> {
    const secrets = new SecretsManagerClient(this.root);
    const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: 'faultline/sample/database' }));
    const { username, password } = JSON.parse(SecretString!);
    // The emulator's passwords have characters that mean something in a URL.
    return `postgres://${username}:${encodeURIComponent(password)}@database.faultline.internal/sample`;
  }

  /** The tasks of a service that have not stopped. */
  async tasksOf(service: string, target = sample): Promise<TaskProcess[]> {
    const name = serviceOf(service, target);
    return (await this.stack.tasks()).filter((t) => t.service === name && t.lastStatus !== 'STOPPED');
  }

  /** The one running task of a service. */
  async task(service: string): Promise<{ address: string; pid: number }> {
    const [task, ...more] = await this.tasksOf(service);
    const pid = task?.containers[0]?.pid;
    if (!task?.address || !pid || more.length > 0) throw new Error(`not one running task of ${service}`);
    return { address: task.address, pid };
  }

  async loadTasks(): Promise<TaskProcess[]> {
    return (await this.stack.tasks()).filter(
      (t) => t.family.startsWith('faultline-load') && t.lastStatus !== 'STOPPED',
    );
  }

  /** The processes of this name that run in the sandbox. */
  processes(name: RegExp): number[] {
    return descendants(process.pid)
      .filter((p) => name.test(p.name) && p.state !== 'Z')
      .map((p) => p.pid);
  }

  /** Takes a right away from a function's role, and returns how to give it back. */
  async takeAway(action: string, functionName: RegExp): Promise<() => Promise<void>> {
    const { Functions } = await new LambdaClient(this.root).send(new ListFunctionsCommand({ MaxItems: 200 }));
    const role = Functions?.find((f) => functionName.test(f.FunctionName ?? ''))?.Role;
    if (!role) throw new Error(`no function ${functionName}`);
    const iam = new IAMClient(this.root);
    const RoleName = role.slice(role.lastIndexOf('/') + 1);
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      const document = JSON.parse(decodeURIComponent(policy.PolicyDocument!)) as { Statement: Statement[] };
      const rights = document.Statement.map((s) => ({ ...s, Action: [s.Action].flat().filter((a) => a !== action) }));
      if (rights.every((s, i) => s.Action.length === [document.Statement[i]!.Action].flat().length)) continue;
      const put = (Statement: Statement[]) =>
        iam.send(
          new PutRolePolicyCommand({
            RoleName,
            PolicyName,
            PolicyDocument: JSON.stringify({ ...document, Statement }),
          }),
        );
      await put(rights.filter((s) => s.Action.length > 0));
      return async () => void (await put(document.Statement));
    }
    throw new Error(`role ${RoleName} has no right to ${action}`);
  }
}

async function startHosts(stack: LocalStack, hosted: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, fragile] of hosted) await startSampleHost(stack, id, quietly(fragile));
}

/** The services of other targets than the sample have its id in their names. */
export const serviceOf = (service: string, target = sample) => (target === sample ? service : `${target}-${service}`);

/** A game-day of one run, followed from outside. */
export class StartedGameDay {
  readonly id: string;
  readonly runId: string;
  private readonly operator: GameDayOperator;

  constructor(operator: GameDayOperator, id: string, runId: string) {
    this.operator = operator;
    this.id = id;
    this.runId = runId;
  }

  /** Waits until the run is in this phase. @throws when the game-day ends before */
  in(phase: PhaseName): Promise<Run> {
    return eventually(
      `${this.runId} is in ${phase}`,
      async () => {
        const run = await this.operator.run(this.runId);
        if (run?.phase === phase) return run;
        const { status, reason } = await this.operator.status(this.id);
        if (status !== 'RUNNING') throw new Error(`the game-day ended ${status} before ${phase}: ${reason}`);
        return false;
      },
      mostSecondsOfARun,
    );
  }

  /** Waits for the end. @returns the report's files and evidence by name */
  async ended(): Promise<Map<string, string>> {
    await eventually(
      `${this.id} ends`,
      async () => (await this.operator.status(this.id)).status !== 'RUNNING',
      mostSecondsOfARun,
    );
    return this.operator.report(this.id);
  }
}
