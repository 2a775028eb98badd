import { nextTaskAddress } from './addresses.ts';

/** Hands out the addresses of the run's network, to tasks and hosts alike. */
export class AddressPool {
  private readonly inUse = new Set<string>();
  private last: string | null = null;

  /**
   * @param wanted an address of an earlier time, given if nobody has it now
   * @throws when none is free
   */
  take(wanted?: string): string {
    const address = wanted === undefined || this.inUse.has(wanted) ? nextTaskAddress(this.last, this.inUse) : wanted;
    if (address === undefined) throw new Error('no address is free');
    if (address !== wanted) this.last = address;
    this.inUse.add(address);
    return address;
  }

  release(address: string): void {
    this.inUse.delete(address);
  }
}
