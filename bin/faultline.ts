#!/usr/bin/env node
import { join, resolve } from 'node:path';
import { commandLine } from '../infra/cli/command-line.ts';
import { findApi } from '../infra/cli/find-api.ts';
import { processIo } from '../infra/cli/process-io.ts';
import { livingOperators } from '../infra/local/run/operator-file.ts';
import { OperatorApi } from '../lambdas/operator/operator-api.client.ts';

/** The command line in the repository, which has a local stack of its own. */
const runs = join(resolve(import.meta.dirname, '..'), '.faultline', 'run');

process.exitCode = await commandLine(process.argv.slice(2), {
  ...processIo,
  // Loaded when they are asked for: they take longer to load than most commands take.
  local: {
    start: async (options) => (await import('../infra/local/run/start.ts')).start(options),
    dryRun: async (options) => (await import('../infra/local/run/dry-run.ts')).dryRun(options),
    checkLocally: async (config) => (await import('../infra/local/run/check-config.ts')).checkLocally(config),
    checkInAccount: async (config) => (await import('../infra/local/run/check-config.ts')).checkInAccount(config),
    up: async (options) => (await import('../infra/local/run/up.ts')).up(options),
  },
  api: () => new OperatorApi(findApi(process.env, () => livingOperators(runs))),
});
