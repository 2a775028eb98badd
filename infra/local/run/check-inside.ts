/**
 * Runs in the network of a local run, with the operator's place in it: checks the target whose id is the one argument
 * and prints what was found as JSON.
 */
import { SSMClient } from '@aws-sdk/client-ssm';
import { checkIo } from '../../../lambdas/target/check-io.ts';
import { checkTarget } from '../../../lambdas/target/check-target.ts';
import { readTarget } from '../../../lambdas/target/target.client.ts';
import { targetsPath } from '../../../lib/targets/targets-path.ts';

const target = await readTarget(new SSMClient(), targetsPath, process.argv[2] ?? '');
process.stdout.write(JSON.stringify(await checkTarget(target, await checkIo(target))));
// Clients keep connections open, which would keep this alive.
process.exit(0);
