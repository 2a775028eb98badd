import { spawnSync } from 'node:child_process';
import { faultlinePython } from '../../support/python.ts';
import { locustFolder } from './locust-run.ts';

test("the recorder's own arithmetic holds (Python unit tests)", () => {
  // Locust first: it makes sockets cooperative, which has to happen before anything else imports them.
  const program = 'import locust, unittest; unittest.main(module=None)';
  const { status, stderr } = spawnSync(faultlinePython(), ['-c', program, 'discover', '-s', `${__dirname}/unit`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, PYTHONPATH: locustFolder, PYTHONDONTWRITEBYTECODE: '1' },
  });
  expect(stderr).toMatch(/Ran [1-9]\d+ tests[\s\S]*\nOK/);
  expect(status).toBe(0);
});
