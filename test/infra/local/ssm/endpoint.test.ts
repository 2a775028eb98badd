import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelCommandCommand,
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  type GetCommandInvocationResult,
  GetDocumentCommand,
  GetParameterCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  type ListCommandsRequest,
  PutParameterCommand,
  SendCommandCommand,
  type SendCommandRequest,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { documents as faultlineDocuments } from '../../../../infra/ssm/documents.ts';
import { account, Endpoint, region } from './endpoint.fixture.ts';
import { LocalHost } from './local-host.fixture.ts';

const factor = 50;
const optIn = { 'faultline:opt-in': 'true' };

/** `Test-Shell` runs what it is given, which is what tests of an endpoint want and no document should. */
const shell = {
  name: 'Test-Shell',
  content: {
    schemaVersion: '2.2',
    description: 'Runs a script.',
    parameters: {
      Script: { type: 'String', interpolationType: 'ENV_VAR', description: 'The script.' },
      Limit: { type: 'String', default: '60', allowedPattern: '^[0-9]+$' },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'runScript',
        inputs: { timeoutSeconds: '{{ Limit }}', runCommand: ['eval "$SSM_Script"'] },
      },
    ],
  },
};
const documents = [shell, { ...shell, name: 'Other-Shell' }, ...faultlineDocuments];

const endpoint = new Endpoint();
let app: LocalHost;
let untagged: LocalHost;
let hosts: LocalHost[];
let ssm: SSMClient;

beforeAll(async () => {
  await endpoint.start(documents, () => hosts, factor);
  ssm = endpoint.client();
}, 30_000);
beforeEach(() => {
  app = new LocalHost('i-0a00000000000000a', { ...optIn, Größe: '3 → 4', Name: 'app-1' });
  untagged = new LocalHost('i-0b00000000000000b');
  hosts = [app, untagged];
});
afterEach(() => {
  endpoint.throttle.set([]);
  for (const host of hosts) host.remove();
});
afterAll(() => endpoint.stop());

const command = (Script: string, more: Partial<SendCommandRequest> = {}) =>
  new SendCommandCommand({
    DocumentName: 'Test-Shell',
    InstanceIds: [app.instanceId],
    Parameters: { Script: [Script] },
    TimeoutSeconds: 30,
    ...more,
  });

async function send(script: string, more?: Partial<SendCommandRequest>, client = ssm) {
  return (await client.send(command(script, more))).Command!.CommandId!;
}

const invocation = (CommandId: string, InstanceId = app.instanceId) =>
  ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId }));

async function until(id: string, isSo: (found: GetCommandInvocationResult) => boolean) {
  for (let tries = 0; ; tries++) {
    const found = await invocation(id);
    if (isSo(found)) return found;
    if (tries > 300) throw new Error(`still ${found.StatusDetails}`);
    await sleep(20);
  }
}

const ended = (id: string) => until(id, ({ Status }) => !['Pending', 'InProgress', 'Cancelling'].includes(Status!));
const wasDone = (name: string, host = app) => existsSync(join(host.folder, name));
const refused = (name: string, message: RegExp = /./) =>
  expect.objectContaining({ name, message: expect.stringMatching(message) });

describe('a command', () => {
  test('runs on its host, and all that is told of it is so', async () => {
    const before = Date.now();
    const { Command } = await ssm.send(command('sleep 0.2; echo said; echo why >&2; touch done', { Comment: 'r-1' }));
    expect(Command).toMatchObject({ Status: 'Pending', TargetCount: 1, CompletedCount: 0, TimeoutSeconds: 30 });
    const running = await until(Command!.CommandId!, ({ Status }) => Status === 'InProgress');
    expect(running).toMatchObject({ ResponseCode: -1, StandardOutputContent: '', ExecutionEndDateTime: '' });
    const found = await ended(Command!.CommandId!);
    expect(found).toMatchObject({
      CommandId: Command!.CommandId,
      InstanceId: app.instanceId,
      DocumentName: 'Test-Shell',
      Comment: 'r-1',
      PluginName: 'runScript',
      ResponseCode: 0,
      Status: 'Success',
      StatusDetails: 'Success',
      StandardOutputContent: 'said\n',
      StandardErrorContent: 'why\n',
    });
    expect(Date.parse(found.ExecutionStartDateTime!)).toBeGreaterThanOrEqual(before);
    const seconds = (Date.parse(found.ExecutionEndDateTime!) - Date.parse(found.ExecutionStartDateTime!)) / 1000;
    expect(Number(/^PT([\d.]+)S$/.exec(found.ExecutionElapsedTime!)![1])).toBeCloseTo(seconds, 1);
    expect(seconds).toBeGreaterThan(0.2 * factor);
    expect(wasDone('done')).toBe(true);
  });

  test('goes to each host that is named', async () => {
    const id = await send('touch done', { InstanceIds: [app.instanceId, untagged.instanceId] });
    await ended(id);
    await sleep(50);
    expect([wasDone('done', app), wasDone('done', untagged)]).toEqual([true, true]);
    const { CommandInvocations } = await ssm.send(new ListCommandInvocationsCommand({ CommandId: id }));
    expect(CommandInvocations!.map(({ InstanceId, InstanceName }) => [InstanceId, InstanceName])).toEqual([
      [app.instanceId, 'app-1'],
      [untagged.instanceId, ''],
    ]);
  });

  test('that fails says with which exit status, over all its hosts too', async () => {
    const id = await send('if [ "$AWS_SSM_INSTANCE_ID" = i-0a00000000000000a ]; then exit 65; fi', {
      InstanceIds: [app.instanceId, untagged.instanceId],
    });
    expect(await ended(id)).toMatchObject({ Status: 'Failed', StatusDetails: 'Failed', ResponseCode: 65 });
    expect(await invocation(id, untagged.instanceId)).toMatchObject({ Status: 'Success' });
    const { Commands } = await ssm.send(new ListCommandsCommand({ CommandId: id }));
    expect(Commands).toEqual([
      expect.objectContaining({ Status: 'Failed', TargetCount: 2, CompletedCount: 2, ErrorCount: 1 }),
    ]);
  });

  test('that is cancelled is killed', async () => {
    const id = await send('touch begun; (sleep 0.4; touch late) & wait');
    await until(id, () => wasDone('begun'));
    await ssm.send(new CancelCommandCommand({ CommandId: id }));
    expect(await ended(id)).toMatchObject({ Status: 'Cancelled', StatusDetails: 'Cancelled', ResponseCode: 137 });
    await sleep(500);
    expect(wasDone('late')).toBe(false);
  });

  test('that takes longer than its document allows is killed', async () => {
    const Parameters = { Script: ['(sleep 0.5; touch late) & wait'], Limit: ['10'] };
    const id = await send('', { Parameters });
    expect(await ended(id)).toMatchObject({ StatusDetails: 'ExecutionTimedOut', ResponseCode: 137 });
    await sleep(500);
    expect(wasDone('late')).toBe(false);
    const { Commands } = await ssm.send(new ListCommandsCommand({ CommandId: id }));
    expect(Commands![0]).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ErrorCount: 1 });
  });

  test('for a host that is offline waits as long as it may, and never arrives later', async () => {
    app.isOnline = false;
    const id = await send('touch late');
    await until(id, ({ StatusDetails }) => StatusDetails === 'Delayed');
    expect(await ended(id)).toMatchObject({
      Status: 'TimedOut',
      StatusDetails: 'DeliveryTimedOut',
      ResponseCode: -1,
      ExecutionStartDateTime: '',
    });
    app.isOnline = true;
    await sleep(100);
    expect(app.started).toEqual([]);
    const { Commands } = await ssm.send(new ListCommandsCommand({ CommandId: id }));
    expect(Commands![0]).toMatchObject({ StatusDetails: 'DeliveryTimedOut', DeliveryTimedOutCount: 1, ErrorCount: 0 });
  });

  test('shows no more of its output than Systems Manager keeps', async () => {
    const id = await send("printf 'o%.0s' $(seq 30000); printf 'e%.0s' $(seq 9000) >&2");
    const { StandardOutputContent, StandardErrorContent } = await ended(id);
    expect([StandardOutputContent, StandardErrorContent].map((text) => text!.length)).toEqual([24_000, 8_000]);
    const list = new ListCommandInvocationsCommand({ CommandId: id, Details: true });
    const [plugin] = (await ssm.send(list)).CommandInvocations![0]!.CommandPlugins!;
    expect(plugin!.Output).toMatch(/^o+\n---Output truncated---\n-+ERROR-+\ne+\n---Error truncated----$/);
    expect(plugin!.Output!.length).toBeLessThanOrEqual(2_500);
  });
});

test('commands are found by host, document, status and time, newest first and in pages', async () => {
  const [first, second] = [await send('true'), await send('exit 1', { DocumentName: 'Other-Shell' })];
  const onlyUntagged = await send('true', { InstanceIds: [untagged.instanceId] });
  await ended(second);
  const find = async (input: ListCommandsRequest) =>
    (await ssm.send(new ListCommandsCommand(input))).Commands!.map(({ CommandId }) => CommandId);
  expect((await find({})).slice(0, 3)).toEqual([onlyUntagged, second, first]);
  expect((await find({ InstanceId: app.instanceId })).slice(0, 2)).toEqual([second, first]);
  expect(await find({ Filters: [{ key: 'DocumentName', value: 'Other-Shell' }] })).toEqual([second]);
  expect((await find({ Filters: [{ key: 'Status', value: 'Failed' }] }))[0]).toBe(second);
  expect(await find({ Filters: [{ key: 'InvokedBefore', value: '2026-01-01T00:00:00Z' }] })).toEqual([]);
  const page = await ssm.send(new ListCommandsCommand({ MaxResults: 1 }));
  expect(page.Commands).toHaveLength(1);
  expect(await find({ MaxResults: 1, NextToken: page.NextToken! })).toEqual([second]);
});

describe('is refused, and nothing runs:', () => {
  const twice = () => [app.instanceId, app.instanceId];
  test.each<[string, () => Partial<SendCommandRequest>, string]>([
    ['a document that there is none of', () => ({ DocumentName: 'Faultline-Meteor' }), 'InvalidDocument'],
    ['a version that there is none of', () => ({ DocumentVersion: '7' }), 'InvalidDocumentVersion'],
    ['a host that nobody knows', () => ({ InstanceIds: ['i-0c00000000000000c'] }), 'InvalidInstanceId'],
    ['a host given twice', () => ({ InstanceIds: twice() }), 'DuplicateInstanceId'],
    ['a parameter that the document has not', () => ({ Parameters: { Other: ['1'] } }), 'InvalidParameters'],
    ['no value where one is wanted', () => ({ Parameters: {} }), 'InvalidParameters'],
    ['a value beside its pattern', () => ({ Parameters: { Script: ['true'], Limit: ['1;id'] } }), 'InvalidParameters'],
    ['a delivery time-out below 30 s', () => ({ TimeoutSeconds: 29 }), 'ValidationException'],
    ['targets, which are not supported', () => ({ Targets: [{ Key: 'tag:a', Values: ['b'] }] }), 'ValidationException'],
    ['output to S3, which is not supported', () => ({ OutputS3BucketName: 'bucket' }), 'ValidationException'],
  ])('%s', async (_, more, name) => {
    await expect(send('touch done', more())).rejects.toMatchObject({ name, message: expect.stringMatching(/\w+ \w+/) });
    expect(app.started).toEqual([]);
  });

  test.each(["1'; touch done; '", '$(touch done)', '`touch done`', '500\ntouch done'])(
    'a delay of %j',
    async (value) => {
      const Parameters = { RunId: ['run-1'], NotAfter: ['1'], Deadline: ['1'], DelayMs: [value] };
      await expect(send('', { DocumentName: 'Faultline-NetworkLatency', Parameters })).rejects.toEqual(
        refused('InvalidParameters', /DelayMs/),
      );
      expect(app.started).toEqual([]);
    },
  );
});

test('a command that was never sent is not found', async () => {
  const CommandId = 'c0ffee00-0000-4000-8000-000000000000';
  await expect(invocation(CommandId)).rejects.toEqual(refused('InvocationDoesNotExist'));
  await expect(ssm.send(new CancelCommandCommand({ CommandId }))).rejects.toEqual(refused('InvalidCommandId'));
  expect((await ssm.send(new ListCommandInvocationsCommand({ CommandId }))).CommandInvocations).toEqual([]);
});

describe('hosts', () => {
  const find = async (...Filters: { Key: string; Values: string[] }[]) => {
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({ Filters }));
    return InstanceInformationList!.map(({ InstanceId }) => InstanceId);
  };

  test('are told as they are', async () => {
    app.isOnline = false;
    const { InstanceInformationList } = await ssm.send(new DescribeInstanceInformationCommand({}));
    expect(InstanceInformationList).toEqual([
      expect.objectContaining({
        InstanceId: app.instanceId,
        PingStatus: 'ConnectionLost',
        LastPingDateTime: new Date(app.lastPing()),
        PlatformType: 'Linux',
        PlatformName: 'Debian GNU/Linux',
        PlatformVersion: '12',
        ResourceType: 'EC2Instance',
        IPAddress: '198.18.1.9',
        ComputerName: 'app',
      }),
      expect.objectContaining({ InstanceId: untagged.instanceId, PingStatus: 'Online' }),
    ]);
  });

  test('are found by tag, id and state, where every filter has to fit', async () => {
    app.isOnline = false;
    const opted = { Key: 'tag:faultline:opt-in', Values: ['true'] };
    expect(await find(opted)).toEqual([app.instanceId]);
    expect(await find({ ...opted, Values: ['false'] })).toEqual([]);
    expect(await find({ Key: 'tag-key', Values: ['Name'] })).toEqual([app.instanceId]);
    expect(await find({ Key: 'InstanceIds', Values: [untagged.instanceId] })).toEqual([untagged.instanceId]);
    expect(await find({ Key: 'PingStatus', Values: ['Online'] })).toEqual([untagged.instanceId]);
    expect(await find(opted, { Key: 'PingStatus', Values: ['Online'] })).toEqual([]);
    await expect(find({ Key: 'Colour', Values: ['red'] })).rejects.toEqual(refused('InvalidFilterKey'));
  });

  test('come in pages', async () => {
    hosts.push(...[1, 2, 3, 4].map((n) => new LocalHost(`i-0${n}00000000000000${n}`)));
    const page = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 5 }));
    const NextToken = page.NextToken!;
    const rest = await ssm.send(new DescribeInstanceInformationCommand({ MaxResults: 5, NextToken }));
    expect([page, rest].map(({ InstanceInformationList }) => InstanceInformationList!.length)).toEqual([5, 1]);
    expect(rest.NextToken).toBeUndefined();
    await expect(ssm.send(new DescribeInstanceInformationCommand({ NextToken: 'x' }))).rejects.toEqual(
      refused('InvalidNextToken'),
    );
  });
});

test('a document is told as it runs', async () => {
  const { name, content } = faultlineDocuments[0]!;
  const found = await ssm.send(new GetDocumentCommand({ Name: name }));
  expect(JSON.parse(found.Content!)).toEqual(content);
  const { Document } = await ssm.send(new DescribeDocumentCommand({ Name: name }));
  expect(Document).toMatchObject({ Name: name, Status: 'Active', SchemaVersion: '2.2', DocumentType: 'Command' });
  expect(Document!.Parameters!.map(({ Name }) => Name)).toEqual(Object.keys(content.parameters));
  await expect(ssm.send(new GetDocumentCommand({ Name: 'None' }))).rejects.toEqual(refused('InvalidDocument'));
});

test("parameters are the emulator's", async () => {
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'kept', Type: 'String' }));
  expect((await ssm.send(new GetParameterCommand({ Name: '/a' }))).Parameter!.Value).toBe('kept');
});

test('throttled, a call gets the error of Systems Manager and does nothing', async () => {
  endpoint.throttle.set([{ service: 'ssm', share: 1 }]);
  await expect(send('touch done')).rejects.toEqual(refused('ThrottlingException', /Rate exceeded/));
  expect(app.started).toEqual([]);
});

describe('a caller', () => {
  const documentArn = (name: string) => `arn:aws:ssm:${region}:${account}:document/${name}`;
  const hostArn = (id: string) => `arn:aws:ec2:${region}:${account}:instance/${id}`;
  const allow = (Action: string, Resource: string, more = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
  const onTestDocuments = allow('ssm:SendCommand', documentArn('Test-*'));
  const onOptedInHosts = allow('ssm:SendCommand', hostArn('*'), {
    Condition: { StringEquals: { 'ssm:resourceTag/faultline:opt-in': 'true' } },
  });
  const denied = refused('AccessDeniedException', /ssm:SendCommand/);

  test('may send this document to hosts that have opted in, and nothing else', async () => {
    const { client } = await endpoint.user(onTestDocuments, onOptedInHosts);
    expect(await ended(await send('touch done', {}, client))).toMatchObject({ Status: 'Success' });
    expect(wasDone('done')).toBe(true);
    await expect(send('touch no', { InstanceIds: [untagged.instanceId] }, client)).rejects.toEqual(denied);
    const both = [app.instanceId, untagged.instanceId];
    await expect(send('touch no', { InstanceIds: both }, client)).rejects.toEqual(denied);
    await expect(send('touch no', { DocumentName: 'Other-Shell' }, client)).rejects.toEqual(denied);
    await expect(send('touch no', { InstanceIds: ['i-0c00000000000000c'] }, client)).rejects.toEqual(denied);
    expect([wasDone('no'), wasDone('no', untagged)]).toEqual([false, false]);
  });

  test.each([
    ['nothing', []],
    ['the document alone', [onTestDocuments]],
    ['the hosts alone', [onOptedInHosts]],
    ['all other actions', [{ Effect: 'Allow', NotAction: 'ssm:SendCommand', Resource: '*' }]],
    ['everything but for one that is denied', [allow('*', '*'), { ...onTestDocuments, Effect: 'Deny' }]],
  ])('who may %s sends no command', async (_, statements) => {
    const { client } = await endpoint.user(...statements, allow('s3:GetObject', '*'));
    await expect(send('touch done', {}, client)).rejects.toEqual(denied);
    expect(app.started).toEqual([]);
  });

  test('is let through for what there is a tag of any alphabet', async () => {
    const { client } = await endpoint.user(
      onTestDocuments,
      allow('ssm:SendCommand', '*', { Condition: { StringEquals: { 'aws:ResourceTag/Größe': '3 → 4' } } }),
    );
    expect(await ended(await send('true', {}, client))).toMatchObject({ Status: 'Success' });
  });

  test.each([
    ['CancelCommand', (id: string) => new CancelCommandCommand({ CommandId: id })],
    [
      'GetCommandInvocation',
      (id: string) => new GetCommandInvocationCommand({ CommandId: id, InstanceId: app.instanceId }),
    ],
    ['ListCommands', () => new ListCommandsCommand({})],
    ['ListCommandInvocations', () => new ListCommandInvocationsCommand({})],
    ['DescribeInstanceInformation', () => new DescribeInstanceInformationCommand({})],
    ['GetDocument', () => new GetDocumentCommand({ Name: 'Test-Shell' })],
    ['DescribeDocument', () => new DescribeDocumentCommand({ Name: 'Test-Shell' })],
  ])('needs ssm:%s for it', async (operation, make) => {
    const id = await send('true');
    const call = make as (id: string) => Parameters<SSMClient['send']>[0];
    const others = { Effect: 'Allow', NotAction: `ssm:${operation}`, Resource: '*' };
    const { client, may } = await endpoint.user(others);
    await expect(client.send(call(id))).rejects.toEqual(refused('AccessDeniedException', RegExp(`ssm:${operation}`)));
    await may(allow(`ssm:${operation}`, '*'));
    await expect(client.send(call(id))).resolves.toBeDefined();
  });

  test('with a wrong key, or who brings an answer along, is refused', async () => {
    const { credentials } = await endpoint.user(allow('ssm:ListCommands', '*'));
    const forger = endpoint.client({ ...credentials, secretAccessKey: 'wrong' });
    await expect(forger.send(new ListCommandsCommand({}))).rejects.toEqual(refused('InvalidSignatureException'));
    const sly = endpoint.client(credentials);
    sly.middlewareStack.add(
      (next) => (args) => {
        const question = { service: 'ssm', action: 'ssm:ListCommands', resource: '*', context: {} };
        (args.request as { headers: Record<string, string> }).headers['x-faultline-authorize'] =
          JSON.stringify(question);
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    await expect(sly.send(new ListCommandsCommand({}))).resolves.toBeDefined();
    await expect(send('touch done', {}, sly)).rejects.toEqual(denied);
    expect(app.started).toEqual([]);
  });
});
