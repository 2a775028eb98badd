import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { routerAddress } from '../addresses.ts';
import type { NetworkInterface } from './task-record.ts';

const run = promisify(execFile);

/** `ip -batch` over standard input: several changes for the price of one process. */
export async function ip(lines: string[], namespace?: string): Promise<void> {
  const pending = run('ip', [...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-']);
  pending.child.stdin?.end(`${lines.join('\n')}\n`);
  await pending;
}

/**
 * Gives a task its own network, as awsvpc mode does: a namespace with one interface and one address, whose only way
 * out is the router. @param namespace a name of at most 15 characters, unique in the sandbox
 */
export async function createTaskNetwork(namespace: string, address: string): Promise<NetworkInterface> {
  const macAddress = macFor(randomBytes(5));
  await run('ip', ['netns', 'add', namespace]);
  await ip([
    `link add ${namespace} type veth peer name eth0 address ${macAddress} netns ${namespace}`,
    `link set ${namespace} up`,
    `route add ${address}/32 dev ${namespace} src ${routerAddress}`,
  ]);
  await ip(
    [
      'link set lo up',
      `address add ${address}/32 dev eth0`,
      'link set eth0 up',
      `route add ${routerAddress} dev eth0 src ${address}`,
      `route add default via ${routerAddress} src ${address}`,
    ],
    namespace,
  );
  return { address, macAddress, namespace };
}

function macFor(bytes: Uint8Array): string {
  // 02: locally administered, unicast.
  return ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

/** From now on the address is nobody's. */
export async function removeTaskNetwork({ namespace }: NetworkInterface): Promise<void> {
  await run('ip', ['link', 'delete', namespace]);
  await run('ip', ['netns', 'delete', namespace]);
}
