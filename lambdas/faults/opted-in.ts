import { optInTag } from '../aws/ecs-services.client.ts';
import { FaultRefused } from './fault.ts';

/** @throws FaultRefused */
export function assertOptedIn(what: string, optedIn: boolean): void {
  if (optedIn) return;
  throw new FaultRefused(
    `${what} has not the tag ${optInTag.key} = ${optInTag.value}: only what has it may be faulted`,
  );
}
