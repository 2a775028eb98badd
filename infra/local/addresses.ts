/**
 * The plan of the run's private network, its "VPC". 198.18.0.0/15 is reserved for benchmarks (RFC 2544), so it
 * collides with nothing a laptop is likely to reach, and exists only inside the run's own network namespace.
 */
export const vpcCidr = '198.18.0.0/15';

/** The router: every task's gateway and the source address of the Lambdas. */
export const routerAddress = '198.18.0.1';
export const resolverAddress = '198.18.0.2';
/** Where tasks reach the AWS APIs, as they would reach a VPC endpoint. */
export const endpointAddress = '198.18.0.3';
/** Where ECS serves a task its role's credentials and its metadata. The SDKs accept no other address without TLS. */
export const taskMetadataAddress = '169.254.170.2';

export const apiPort = 4566;
export const faultPlanePort = 4567;

/** A service is reached as `<service name>.faultline.internal`. */
export const domain = 'faultline.internal';

const firstTaskAddress = toNumber('198.18.1.1');
const lastTaskAddress = toNumber('198.19.255.254');

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/**
 * The next free task address after `previous`, going upward and starting again only at the end of the range, so that
 * a replacement never gets its predecessor's address back. Undefined when every address is in use.
 */
export function nextTaskAddress(previous: string | null, inUse: ReadonlySet<string>): string | undefined {
  const size = lastTaskAddress - firstTaskAddress + 1;
  const start = previous === null ? 0 : toNumber(previous) - firstTaskAddress + 1;
  for (let step = 0; step <= inUse.size && step < size; step++) {
    const candidate = toAddress(firstTaskAddress + ((start + step) % size));
    if (!inUse.has(candidate)) return candidate;
  }
  return undefined;
}
