#!/usr/bin/env node
import { join } from 'node:path';
import { commandLine } from '../infra/local/run/command-line.ts';
import { dryRun } from '../infra/local/run/dry-run.ts';
import { findApi } from '../infra/local/run/find-api.ts';
import { livingOperators } from '../infra/local/run/operator-file.ts';
import { start } from '../infra/local/run/start.ts';
import { repository } from '../infra/local/setup/setup.ts';
import { OperatorApi } from '../lambdas/operator/operator-api.client.ts';

const runs = join(repository, '.faultline', 'run');

process.exitCode = await commandLine(process.argv.slice(2), {
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  start,
  dryRun,
  api: () => new OperatorApi(findApi(process.env, () => livingOperators(runs))),
});
