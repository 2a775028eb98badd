import { join } from 'node:path';
import { systemClock } from '../../../lambdas/aws/clock.ts';
import { checkIo } from '../../../lambdas/target/check-io.ts';
import { checkTarget, type TargetChecks } from '../../../lambdas/target/check-target.ts';
import { targetSchema } from '../../../lambdas/target/target.ts';
import { targetOf } from '../../../lib/config/compile.ts';
import { stopSignal } from '../../cli/stop-signal.ts';
import { terminalDisplay } from '../../cli/terminal-display.ts';
import type { LocalStack } from '../stack.ts';
import { withOwnApp } from './local-app.ts';
import type { LocalConfig } from './local-config.ts';

/** Starts a configuration's target on this machine, checks it from inside its network, and ends it. Null: stopped. */
export async function checkLocally(config: LocalConfig): Promise<TargetChecks | null> {
  const display = terminalDisplay(process.stderr, systemClock.now);
  const stop = stopSignal();
  try {
    const options = { target: config.config.id, fragile: '', config };
    return await withOwnApp(options, display, stop, (_, stack) => inside(stack, options.target));
  } catch (error) {
    display.failed((error as Error).message);
    throw error;
  } finally {
    stop.dispose();
  }
}

async function inside(stack: LocalStack, id: string): Promise<TargetChecks> {
  const { accessKeyId, secretAccessKey } = stack.root;
  const program = join(import.meta.dirname, 'check-inside.ts');
  const { code, stdout, stderr } = await stack.exec([process.execPath, program, id], {
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    timeoutMs: 60_000,
  });
  if (code !== 0) throw new Error(`the target could not be checked: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
  return JSON.parse(stdout);
}

/** Checks the target where its team runs it, from here and with the AWS credentials of the environment. */
export async function checkInAccount({ config }: Pick<LocalConfig, 'config'>): Promise<TargetChecks> {
  const target = targetSchema.parse(targetOf(config));
  return checkTarget(target, await checkIo(target));
}
