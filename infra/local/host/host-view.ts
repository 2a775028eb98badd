import type { HostChannel } from './host-channel.ts';

/** A managed host as who started it sees it. */
export interface HostView extends Pick<HostChannel, 'instanceId' | 'name' | 'address' | 'tags' | 'platform'> {
  online: boolean;
  /** From the request to the agent's first word. */
  bootSeconds: number;
  /** Its clock minus the machine's, and how far that may be wrong. */
  clock: { offsetMs: number; uncertaintyMs: number };
}
