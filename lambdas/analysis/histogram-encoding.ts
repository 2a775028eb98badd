import { inflateSync } from 'node:zlib';

/** https://github.com/HdrHistogram/HdrHistogram: V2, whose lowest byte but one tells the width of a word. */
const cookies = { compressed: 0x1c849304, plain: 0x1c849303 } as const;
const headerBytes = 40;
/** Room for most, or each of the many takes 16 KB; more is made where it is needed. */
const usualBytes = 1024;
/** For three digits, with microseconds as the unit. */
const halfCount = 1024;

/** One bucket of a histogram: its lowest value in microseconds and how many requests fell into it. */
export type Counted = readonly [micros: number, count: number];

/**
 * The buckets in use of a histogram in V2 deflate encoding, in the order of their values. A window has a histogram for
 * each endpoint and outcome, with a few requests in each: room is made for those, not for the 18,000 buckets there are.
 * @throws Error when the text is no such histogram, or not one of microseconds with three digits
 */
export function decodeCounts(encoded: string): Counted[] {
  const outer = Buffer.from(encoded, 'base64');
  check(outer.length > 8 && isCookie(outer, cookies.compressed), 'its encoding is not V2 with deflate');
  const inner = inflateSync(outer.subarray(8, 8 + outer.readInt32BE(4)), { chunkSize: usualBytes });
  check(inner.length >= headerBytes && isCookie(inner, cookies.plain), 'its encoding is not V2');
  check(inner.readInt32BE(12) === 3 && inner.readBigInt64BE(16) === 1n, 'it has not three digits from 1 on');
  return countsIn(inner.subarray(headerBytes, headerBytes + inner.readInt32BE(4)));
}

/** Counts in a row, ZigZag LEB128; a negative one stands for as many that are 0. */
function countsIn(bytes: Buffer): Counted[] {
  const counts: Counted[] = [];
  let index = 0;
  for (let at = 0; at < bytes.length; ) {
    let raw = 0;
    let weight = 1;
    let byte: number;
    do {
      check(at < bytes.length, 'it ends within a number');
      byte = bytes[at++]!;
      raw += (byte & 0x7f) * weight;
      weight *= 128;
    } while (byte & 0x80);
    if (raw % 2 === 1) index += (raw + 1) / 2;
    else {
      if (raw > 0) counts.push([lowestValue(index), raw / 2]);
      index++;
    }
  }
  return counts;
}

/** The lowest value of a bucket. */
function lowestValue(index: number): number {
  if (index < 2 * halfCount) return index;
  const power = Math.floor(index / halfCount) - 1;
  return ((index % halfCount) + halfCount) * 2 ** power;
}

/** The highest value that falls into the bucket of this one. */
export function highestEquivalent(micros: number): number {
  const width = 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, micros))) - 10);
  return (Math.floor(micros / width) + 1) * width - 1;
}

const isCookie = (bytes: Buffer, cookie: number) => (bytes.readInt32BE(0) & ~0xf0) === cookie;

function check(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(`the histogram cannot be read: ${problem}`);
}
