import { createConnection, createServer, type ListenOptions, type NetConnectOpts, type Server } from 'node:net';

/**
 * Passes bytes between whoever connects to `listen` and `target`. Both are a TCP address or a Unix socket; a Unix
 * socket is what crosses from one network namespace to another.
 * @throws the listening error, for example EADDRINUSE
 */
export function startRelay(listen: ListenOptions, target: NetConnectOpts): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = createConnection({ ...target, allowHalfOpen: true } as NetConnectOpts);
    near.pipe(far).pipe(near);
    // Either side's error ends both: the peer must see a broken connection, not a silent one.
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
