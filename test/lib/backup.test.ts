import { synth } from './support/synth.ts';

const { core } = synth('aws');

interface Statement {
  Action: string | string[];
  Resource: unknown;
}

/** The policies, by whom they are for, that have a statement on this action whose resources are like this. */
function allowed(action: string, resource: RegExp): string[] {
  const policies = [
    ...Object.values(core.findResources('AWS::IAM::Policy')),
    ...Object.values(core.findResources('AWS::IAM::ManagedPolicy')),
  ];
  return policies
    .filter(({ Properties }) =>
      (Properties.PolicyDocument.Statement as Statement[]).some(
        ({ Action, Resource }) => [Action].flat().includes(action) && resource.test(JSON.stringify(Resource)),
      ),
    )
    .map(({ Properties }) => Properties.PolicyName ?? Properties.ManagedPolicyName);
}

test("a backup holds the target's data: one function writes it, one reads it back, and nobody else can", () => {
  expect(allowed('s3:PutObject', /backups\/\*/)).toEqual([expect.stringMatching(/^DatabaseDumpFunction/)]);
  expect(allowed('s3:GetObject', /backups\/\*/)).toEqual([expect.stringMatching(/^ChecklistBeginFunction/)]);
  expect(allowed('s3:GetObject', /game-days\/\*/)).toContain('faultline-operator');
  for (const action of ['s3:GetObject', 's3:PutObject']) {
    expect(allowed(action, /EvidenceBucket\w*","Arn"\]\},"\/\*"/)).toEqual([]);
  }
});

test('backups go away', () => {
  const [bucket] = Object.values(core.findResources('AWS::S3::Bucket'));
  expect(bucket!.Properties.LifecycleConfiguration.Rules).toContainEqual(
    expect.objectContaining({ Prefix: 'backups/', ExpirationInDays: 30, Status: 'Enabled' }),
  );
});

test('only the checklist has backups made, and only by functions whose names say that they are for it', () => {
  expect(allowed('lambda:InvokeFunction', /function:faultline-backup-\*/)).toEqual([
    expect.stringMatching(/^ChecklistBeginFunction/),
  ]);
  core.hasResourceProperties('AWS::Lambda::Function', { FunctionName: 'faultline-backup-database' });
});

test('a hook is waited for as long as it may take, and the function that waits has longer', () => {
  const timeout = (name: RegExp) => {
    const functions = Object.entries(core.findResources('AWS::Lambda::Function'));
    return functions.find(([id]) => name.test(id))![1].Properties.Timeout as number;
  };
  expect(timeout(/^DatabaseDumpFunction/)).toBeLessThan(180);
  expect(timeout(/^ChecklistBeginFunction/)).toBeGreaterThan(180);
});
