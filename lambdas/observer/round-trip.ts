import { connect } from 'node:net';
import { median } from '../analysis/robust.ts';

const handshakes = 5;

/**
 * The round trip to a port in milliseconds: the median of a few TCP handshakes at once. A refusal takes as long as an
 * acceptance, for it is the host's kernel that answers.
 * @throws Error when one of them gets no answer in time
 */
export async function roundTripMs(host: string, port: number, timeoutMs: number): Promise<number> {
  const times = await Promise.all(Array.from({ length: handshakes }, () => handshake(host, port, timeoutMs)));
  return median(times)!;
}

function handshake(host: string, port: number, timeoutMs: number): Promise<number> {
  const began = performance.now();
  const socket = connect({ host, port, timeout: timeoutMs });
  return new Promise<number>((resolve, reject) => {
    const answered = () => resolve(performance.now() - began);
    socket.once('connect', answered);
    socket.once('timeout', () => reject(new Error(`no TCP handshake within ${timeoutMs} ms`)));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNREFUSED' ? answered() : reject(error),
    );
  }).finally(() => socket.destroy());
}
