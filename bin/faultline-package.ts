import { commandLine } from '../infra/cli/command-line.ts';
import { findApi } from '../infra/cli/find-api.ts';
import { processIo } from '../infra/cli/process-io.ts';
import { OperatorApi } from '../lambdas/operator/operator-api.client.ts';

/** The command line of an installed package: `dist/faultline.mjs` is made of it. A local stack is the repository's. */
process.exitCode = await commandLine(process.argv.slice(2), {
  ...processIo,
  local: null,
  api: () => new OperatorApi(findApi(process.env, null)),
});
