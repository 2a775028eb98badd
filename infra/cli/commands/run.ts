import type { RunBody } from '../../../lambdas/operator/operator-api.client.ts';
import { oneScenario } from '../arguments.ts';
import type { AddCommand } from '../command.ts';
import { askingHelp, startedStatus } from '../help.ts';
import { refusedStatus, targetOf, withPlan, withStart } from '../start-options.ts';
import { tellDryRun } from '../tell.ts';
import { follow } from '../watch/follow.ts';

/** `run <scenario>`: one run, as a game-day of one scenario. */
export const addRun: AddCommand = (program, context) => {
  const { command, tell, exit } = context;
  const run = command(
    program,
    'run',
    askingHelp(
      'faultline run cache-failure --watch\n' +
        'faultline run network-latency --overrides \'{"parameters":{"delayMs":200}}\'\n' +
        'faultline run database-failure --dry-run --json',
      startedStatus,
    ),
  )
    .description('runs one scenario on a target')
    .argument('<scenario>', 'its id, as in scenarios list', oneScenario)
    .option('--json', 'print as JSON what was started; with --watch a line for each event');
  withStart(withPlan(run, 'JSON {"parameters","seconds","load"} or its file')).action(async (scenario, options) => {
    const api = context.api();
    const { profile, overrides } = options;
    const body: RunBody = { target: await targetOf(api, options.target), scenario, profile, overrides };
    if (options.dryRun) {
      const found = await api.dryRunOfRun(body);
      tell(found, tellDryRun, options);
      return exit(refusedStatus(found));
    }
    const started = await api.startRun(body, options.idempotencyKey);
    if (options.watch) return exit(await follow(started.gameDayId, { ...options, owner: true }, api, context));
    tell(started, ({ runId }) => `Started run ${runId}; watch it: npx faultline runs show ${runId} --watch`, options);
  });
};
