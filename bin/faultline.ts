#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '../infra/cli/command-line.ts';
import { findApi } from '../infra/cli/find-api.ts';
import { dryRun } from '../infra/local/run/dry-run.ts';
import { livingOperators } from '../infra/local/run/operator-file.ts';
import { start } from '../infra/local/run/start.ts';
import { repository } from '../infra/local/setup/setup.ts';
import { OperatorApi } from '../lambdas/operator/operator-api.client.ts';

const runs = join(repository, '.faultline', 'run');
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));

process.exitCode = await commandLine(process.argv.slice(2), {
  version,
  env: process.env,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  start,
  dryRun,
  deployment() {
    const { gameDayId, ...access } = findApi(process.env, () => livingOperators(runs));
    return { api: new OperatorApi(access), gameDayId };
  },
});
