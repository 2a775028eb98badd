import { runCommand } from '../support/run-command.ts';

test('tells what a game-day costs by service, for people and for scripts', async () => {
  const asked = ['cost', '--scenario', 'cache-failure', '--profile', 'full', '--workers', '10'];
  const people = await runCommand(asked);
  expect(people).toMatchObject({ status: 0, stderr: '' });
  expect(people.stdout).toMatch(/^cache-failure +9\.0 min +\$0\.\d+ +\$0\.20 /m);
  expect(people.stdout).toMatch(/^Fargate +\$0\.\d+$/m);
  const { runs, workers } = JSON.parse((await runCommand([...asked, '--json'])).stdout);
  expect([workers, runs.map((run: { scenario: string }) => run.scenario)]).toEqual([10, ['cache-failure']]);
});
