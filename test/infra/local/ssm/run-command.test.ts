import { isFinal } from '../../../../infra/local/ssm/outcome.ts';
import { readRequest } from '../../../../infra/local/ssm/requests.ts';
import { outcomeOf, RunCommand } from '../../../../infra/local/ssm/run-command.ts';
import { fastClock, LocalHost } from './local-host.fixture.ts';

const content = {
  schemaVersion: '2.2',
  mainSteps: [{ action: 'aws:runShellScript', name: 'only', inputs: { runCommand: 'true' } }],
};

test('a thousand commands are kept, and those that have not ended', async () => {
  const host = new LocalHost('i-0123456789abcdef0');
  host.isOnline = false;
  const documents = [{ name: 'Test', content }];
  const runCommand = new RunCommand({ documents, hosts: () => [host], region: '', account: '', clock: fastClock(1) });
  const request = readRequest(
    'SendCommand',
    JSON.stringify({ DocumentName: 'Test', InstanceIds: [host.instanceId], TimeoutSeconds: 30 }),
  );
  const waiting = runCommand.send(request);
  const ended = Array.from({ length: 1_000 }, () => runCommand.send(request));
  for (const { id } of ended) runCommand.cancel(id, []);
  while (!ended.every((command) => isFinal(outcomeOf(command)))) await new Promise(setImmediate);
  const newest = runCommand.send(request);
  const kept = runCommand.commands.map(({ id }) => id);
  expect(kept).toHaveLength(1_000);
  expect([waiting.id, newest.id, ended.at(-1)!.id, ended[2]!.id].every((id) => kept.includes(id))).toBe(true);
  expect(kept).not.toContain(ended[1]!.id);
  for (const { id } of [waiting, newest]) runCommand.cancel(id, []);
  host.remove();
});
