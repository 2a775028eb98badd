import fc from 'fast-check';
import { parseRedisInfo } from '../../../lambdas/observer/redis-info.ts';

const info = {
  connected_clients: '3',
  used_memory: '1048576',
  keyspace_hits: '10',
  keyspace_misses: '2',
  total_commands_processed: '99',
};
const textOf = (fields: Record<string, string>) =>
  `# Server\r\nredis_version:7.2.4\r\n\r\n${Object.entries(fields)
    .map(([k, v]) => `${k}:${v}\r\n`)
    .join('')}`;

test('keeps the figures that the report needs', () => {
  expect(parseRedisInfo(textOf(info))).toEqual({
    connectedClients: 3,
    usedMemoryBytes: 1_048_576,
    keyspaceHits: 10,
    keyspaceMisses: 2,
    commandsProcessed: 99,
  });
});

test.each(Object.keys(info))('names %s when it is missing, or no count', (name) => {
  const { [name as keyof typeof info]: _, ...rest } = info;
  expect(() => parseRedisInfo(textOf(rest))).toThrow(`redis INFO has no ${name}`);
  for (const value of ['', '-1', 'many', '1e3', 'Infinity']) {
    expect(() => parseRedisInfo(textOf({ ...info, [name]: value }))).toThrow(`redis INFO has no ${name}`);
  }
});

test('any other text is an error that says so, and never a figure', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(() => parseRedisInfo(text)).toThrow(/^redis INFO has no/);
    }),
  );
});
