/** The figures of `INFO` that the observer keeps. @throws Error when one is absent. */
export function parseRedisInfo(info: string) {
  const fields = fieldsOf(info);
  const number = (name: string) => {
    const text = fields.get(name);
    if (!text || !/^\d+$/.test(text)) throw new Error(`redis INFO has no ${name}`);
    return Number(text);
  };
  return {
    connectedClients: number('connected_clients'),
    usedMemoryBytes: number('used_memory'),
    keyspaceHits: number('keyspace_hits'),
    keyspaceMisses: number('keyspace_misses'),
    commandsProcessed: number('total_commands_processed'),
  };
}

/** Of `INFO server`: nothing where it does not say. Valkey calls itself by its own name as well. */
export function redisVersion(info: string): Record<string, string> {
  const fields = fieldsOf(info);
  const names = { Valkey: 'valkey_version', Redis: 'redis_version' };
  const found = Object.entries(names).find(([, field]) => fields.get(field));
  return found ? { [found[0]]: fields.get(found[1])! } : {};
}

const fieldsOf = (info: string) =>
  new Map(
    info.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1)];
    }),
  );
