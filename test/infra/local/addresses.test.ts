import fc from 'fast-check';
import { nextTaskAddress } from '../../../infra/local/addresses.ts';

describe('task addresses', () => {
  test('go upward, so that a replacement has another address than its predecessor', () => {
    expect(nextTaskAddress(null, new Set())).toBe('198.18.1.1');
    expect(nextTaskAddress('198.18.1.1', new Set())).toBe('198.18.1.2');
    expect(nextTaskAddress('198.18.255.255', new Set())).toBe('198.19.0.0');
  });

  test('begin again at the end of the range and leave out those in use', () => {
    expect(nextTaskAddress('198.19.255.254', new Set(['198.18.1.1']))).toBe('198.18.1.2');
  });

  test('are never in use, never the last one and always of the private range', () => {
    const part = fc.integer({ min: 0, max: 255 });
    const address = fc.tuple(fc.constantFrom(18, 19), part, part).map(([b, c, d]) => `198.${b}.${c}.${d}`);
    const inRange = address.filter(
      (text) => !text.startsWith('198.18.0.') && !['198.18.1.0', '198.19.255.255'].includes(text),
    );
    fc.assert(
      fc.property(inRange, fc.uniqueArray(address, { maxLength: 40 }), (previous, used) => {
        const inUse = new Set(used);
        const next = nextTaskAddress(previous, inUse)!;
        expect(inUse.has(next)).toBe(false);
        expect(next).not.toBe(previous);
        expect(next).toMatch(/^198\.1[89]\./);
      }),
    );
  });
});
