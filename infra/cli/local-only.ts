import { Option } from 'commander';
import { endpointFromEnvironment } from '../local/given-endpoint.ts';
import { fragile } from './arguments.ts';
import type { LocalCommands } from './command.ts';
import { WrongUsage } from './wrong-usage.ts';

/** @throws WrongUsage in an installed package, which has no local stack */
export function localOnly(local: LocalCommands | null, command: string): LocalCommands {
  if (local) return local;
  throw new WrongUsage(`${command} works in a clone of the repository, which has the local stack; not in a package`);
}

/** @throws WrongUsage where the environment names an endpoint and `what` needs a stack of this repository's own */
export function ownStackOnly(env: NodeJS.ProcessEnv, what: string): void {
  if (endpointFromEnvironment(env) === null) return;
  throw new WrongUsage(
    `${what} needs the local stack of this repository, and FAULTLINE_ENDPOINT names another: unset it`,
  );
}

export const fragileOption = () =>
  new Option(
    '--fragile [switches]',
    "the sample application with its good behaviours off: 'all', or a comma-separated list",
  )
    .preset('all')
    .default('', 'none')
    .argParser(fragile);
