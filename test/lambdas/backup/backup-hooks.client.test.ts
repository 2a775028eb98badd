import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { BackupHooksClient } from '../../../lambdas/backup/backup-hooks.client.ts';

/** What a hook that is there and works answers is seen on a deployed stack; these are the ways in which one does not. */
const lambda = mockClient(LambdaClient);
const hooks = new BackupHooksClient(new LambdaClient({ region: 'us-east-1' }));
const run = () => hooks.run('faultline-backup-shop', { gameDayId: 'gd-1', target: 'shop' });

const answers = (body: string, changes: object = {}) =>
  lambda.on(InvokeCommand).resolves({
    Payload: { transformToString: () => body },
    ...changes,
  } as unknown as InvokeCommandOutput);

test('a backup that is kept elsewhere is what the hook says of it', async () => {
  const taken = { takenAt: 1, evidence: 'snapshot rds:shop-1', objects: [] };
  answers(JSON.stringify(taken));
  expect(await run()).toEqual(taken);
});

test.each([
  ['its own error', '{"errorType":"Error","errorMessage":"disk\\nfull"}', { FunctionError: 'Unhandled' }, /disk full$/],
  ['no JSON', 'done', {}, /does not tell what it took: done$/],
  ['nothing', 'null', {}, /does not tell what it took: null$/],
  ['an object without its hash', '{"takenAt":1,"evidence":"x","objects":[{"key":"backups/a"}]}', {}, /does not tell/],
  [
    'an object that is not among the backups',
    `{"takenAt":1,"evidence":"x","objects":[{"key":"runs/a","bytes":1,"sha256":"${'a'.repeat(64)}"}]}`,
    {},
    /does not tell/,
  ],
])('a hook that answers %s has made no backup', async (_what, body, changes, says) => {
  answers(body, changes);
  await expect(run()).rejects.toThrow(says);
  await expect(run()).rejects.toThrow(expect.objectContaining({ name: 'BackupHookFailed' }));
});

test('a hook that cannot be called has made none either', async () => {
  lambda.on(InvokeCommand).rejects(new Error('not authorized'));
  await expect(run()).rejects.toThrow('faultline-backup-shop: Error: not authorized');
});
