import { documents } from '../../../infra/ssm/documents.ts';
import { synth } from '../support/synth.ts';

const aws = synth('aws');

interface Statement {
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** What each function's role may, by the function's name. */
const policies = Object.values(aws.core.findResources('AWS::IAM::Policy')).map(({ Properties }) => ({
  // The load master's role is of another stack.
  role: /^(?:Steps)?(\w+?)Role/.exec(Properties.Roles[0].Ref ?? 'LoadMasterRole')![1]!,
  statements: Properties.PolicyDocument.Statement as Statement[],
}));

function allowing(action: string): Map<string, Statement[]> {
  const found = policies.map(({ role, statements }): [string, Statement[]] => [
    role,
    statements.filter((s) => [s.Action].flat().includes(action)),
  ]);
  return new Map(found.filter(([, statements]) => statements.length > 0));
}

const documentsOf = (statements: Statement[]): string[] =>
  [...JSON.stringify(statements).matchAll(/:document\/(Faultline-\w+)/g)].map((match) => match[1]!).sort();

test('each step may send the documents that it needs, and no other', () => {
  const sending = [...allowing('ssm:SendCommand')].map(([role, statements]) => [role, documentsOf(statements)]);
  const faults = ['CpuSaturation', 'MemoryPressure', 'NetworkLatency', 'ProcessKill'].map(
    (name) => `Faultline-${name}`,
  );
  expect(Object.fromEntries(sending)).toEqual({
    Inject: [...faults, 'Faultline-Revert', 'Faultline-Status'],
    ProveLanded: ['Faultline-Status'],
    Revert: ['Faultline-Revert'],
    ProveGone: ['Faultline-Status'],
    StartLoad: ['Faultline-Sampler'],
    StopLoad: ['Faultline-Revert'],
  });
  const names = documents.map(({ name }) => name);
  for (const [, sent] of sending) expect(names).toEqual(expect.arrayContaining(sent as string[]));
});

test('commands are sent to hosts that opted in, and to no others', () => {
  for (const statements of allowing('ssm:SendCommand').values()) {
    const onHosts = statements.filter((s) => /instance\/\*/.test(JSON.stringify(s.Resource)));
    expect(onHosts).toHaveLength(1);
    expect(onHosts[0]!.Condition).toEqual({ StringEquals: { 'ssm:resourceTag/faultline:opt-in': 'true' } });
    const others = statements.filter((s) => !onHosts.includes(s));
    expect(others).toHaveLength(1);
    expect(JSON.stringify(others[0]!.Resource)).not.toContain('*');
  }
});

test('who sends a command and waits for it may ask for its end and take it back', () => {
  const waiting = ['Inject', 'ProveLanded', 'Revert', 'ProveGone', 'StopLoad'].sort();
  expect([...allowing('ssm:GetCommandInvocation').keys()].sort()).toEqual(waiting);
  expect([...allowing('ssm:CancelCommand').keys()].sort()).toEqual([...waiting, 'ReaperFunction'].sort());
});

test('an account gets every document, whole; the emulator gets none', () => {
  const deployed = Object.values(aws.documents!.findResources('AWS::SSM::Document')).map((d) => d.Properties);
  expect(deployed.map((d) => [d.Name, d.DocumentType, d.UpdateMethod])).toEqual(
    documents.map(({ name }) => [name, 'Command', 'NewVersion']),
  );
  expect(deployed.map((d) => d.Content)).toEqual(documents.map(({ content }) => content));
  expect(synth('local').documents).toBeNull();
});
