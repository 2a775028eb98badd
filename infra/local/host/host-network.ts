import { routerAddress } from '../addresses.ts';
import { ip } from '../ecs/task-network.ts';

/** The machine's end of the guest's network card, in the guest's own network namespace. */
export const guestCable = 'uml0';

/**
 * Lays a cable from the router to a network namespace in which nothing else is, for a guest that has the address
 * itself. @param namespace a name of at most 15 characters, unique in the sandbox
 */
export async function layCable(namespace: string, address: string): Promise<void> {
  await ip([`netns add ${namespace}`]);
  await ip([
    `link add ${namespace} type veth peer name ${guestCable} netns ${namespace}`,
    // The guest's card takes packets of its own size only. What services here send is joined to larger ones on its way,
    // which would be lost there and come again after a fifth of a second.
    `link set dev ${namespace} gso_max_segs 1`,
    `link set ${namespace} up`,
    `route add ${address}/32 dev ${namespace} src ${routerAddress}`,
  ]);
  await ip([`link set ${guestCable} up`], namespace);
}

/** From now on the address is nobody's. */
export async function removeCable(namespace: string): Promise<void> {
  await ip([`link delete ${namespace}`, `netns delete ${namespace}`]);
}
