import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { documents } from '../../../infra/ssm/documents.ts';
import { faultlinePython } from '../../support/python.ts';

const shellcheck = join(dirname(faultlinePython()), 'shellcheck');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-shellcheck-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(name: string, script: string) {
  const file = join(folder, `${name}.sh`);
  writeFileSync(file, script);
  const { status, stdout, stderr } = spawnSync(shellcheck, ['--shell=bash', '--norc', file], { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

test.each(documents.map(({ name, content }) => [name, content.mainSteps[0]!.inputs.runCommand.join('\n')]))(
  '%s is clean, as a whole',
  (name, script) => {
    expect(check(name, script)).toEqual({ status: 0, said: '' });
  },
);

afterAll(() => {
  process.stdout.write(`shellcheck: ${documents.length} SSM documents and the host's set-up looked at\n`);
});

test('what sets up the host of the sample application is clean', () => {
  const script = readFileSync(join(__dirname, '..', '..', '..', 'infra', 'sample-app', 'host-setup.sh'), 'utf8');
  expect(check('host-setup', script)).toEqual({ status: 0, said: '' });
});

test('what is not clean is found', () => {
  expect(check('unquoted', '#!/bin/bash\nrm $1\n')).toMatchObject({
    status: 1,
    said: expect.stringContaining('SC2086'),
  });
});
