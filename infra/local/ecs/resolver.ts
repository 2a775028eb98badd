import { createSocket } from 'node:dgram';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, type Question } from 'dns-packet';
import { domain } from '../addresses.ts';

/** Long enough to be cached, short enough that a client which resolves again soon finds a replacement. */
export const ttlSeconds = 5;
const nameError = 3;

/**
 * Addresses of `<service>.faultline.internal`: those of its running tasks. A service with none, and every other name,
 * does not exist.
 */
export function answerFor(query: Packet, addressesOf: (service: string) => string[]): Packet {
  const question = query.questions?.[0];
  const addresses = question === undefined ? [] : addressesOfName(question.name, addressesOf);
  const answers: Answer[] =
    question?.type === 'A' ? addresses.map((data) => ({ name: question.name, type: 'A', ttl: ttlSeconds, data })) : [];
  return {
    type: 'response',
    id: query.id ?? 0,
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & 0x0100) | (addresses.length > 0 ? 0 : nameError),
    questions: (query.questions ?? []) as Question[],
    answers,
  };
}

function addressesOfName(name: string, addressesOf: (service: string) => string[]): string[] {
  const lower = name.toLowerCase();
  return lower.endsWith(`.${domain}`) ? addressesOf(lower.slice(0, -domain.length - 1)) : [];
}

/** Serves names at `address`:53 over UDP. */
export function startResolver(address: string, addressesOf: (service: string) => string[]): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (message, peer) => {
    let query: Packet;
    try {
      query = decode(message);
    } catch {
      return; // Not a DNS message: nothing to answer.
    }
    socket.send(encode(answerFor(query, addressesOf)), peer.port, peer.address);
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(53, address, () => resolve());
  });
}
