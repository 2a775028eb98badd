import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../../../../infra/local/setup/setup.ts';
import { faultlinePython } from '../../../support/python.ts';

test('the clock of the local schedules holds (Python unit tests)', () => {
  const { status, stderr } = spawnSync(faultlinePython(), ['-m', 'unittest', 'discover', '-s', `${__dirname}/unit`], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      PYTHONPATH: join(repository, 'infra', 'local', 'sandbox'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  expect(stderr).toMatch(/Ran [1-9]\d+ tests[\s\S]*\nOK/);
  expect(status).toBe(0);
});
