/** 128 bits as four unsigned 32-bit numbers. */
export type Hash128 = readonly [number, number, number, number];

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/**
 * MurmurHash3_x86_128 of a text's UTF-16 units (little endian). Not for secrets: it mixes well and is fast in plain
 * arithmetic (about 0.4 µs for 60 characters), which is what adding up a million hashes needs.
 */
export function hash128(text: string): Hash128 {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const blocks = text.length & ~7;
  const word = (at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16) | 0;
  for (let at = 0; at < blocks; at += 8) {
    h1 ^= Math.imul(rotate(Math.imul(word(at), c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(word(at + 2), c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(word(at + 4), c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(word(at + 6), c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // The rest, filled up with zeros: a word of zero changes nothing, as in the original.
  const rest = (at: number): number =>
    (at < text.length ? text.charCodeAt(at) : 0) |
    ((at + 1 < text.length ? text.charCodeAt(at + 1) : 0) << 16);
  h4 ^= Math.imul(rotate(Math.imul(rest(blocks + 6), c4), 18), c1);
  h3 ^= Math.imul(rotate(Math.imul(rest(blocks + 4), c3), 17), c4);
  h2 ^= Math.imul(rotate(Math.imul(rest(blocks + 2), c2), 16), c3);
  h1 ^= Math.imul(rotate(Math.imul(rest(blocks), c1), 15), c2);

  const bytes = text.length * 2;
  h1 ^= bytes;
  h2 ^= bytes;
  h3 ^= bytes;
  h4 ^= bytes;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = mix(h1);
  h2 = mix(h2);
  h3 = mix(h3);
  h4 = mix(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  return [h1 >>> 0, h2 >>> 0, h3 >>> 0, h4 >>> 0];
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
