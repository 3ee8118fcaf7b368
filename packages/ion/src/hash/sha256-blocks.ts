// SPDX-License-Identifier: MIT

/** A hash is so many words of 32 bits. */
export const HASH_WORDS = 8;

/** A message is hashed in blocks of so many bytes. The last one holds an end mark and the length, too. */
export const BLOCK_BYTES = 64;
export const END_BYTES = 9;

const ROUNDS = 64;

const PRIMES = firstPrimes(ROUNDS);
const CONSTANTS = Int32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const INITIAL = Int32Array.from(PRIMES.slice(0, HASH_WORDS), (prime) => fractionBits(Math.sqrt(prime)));

/** Scratch space: nothing else runs while it is in use. */
const schedule = new Int32Array(ROUNDS);

/**
 * SHA-256 of a message that is padded already, by FIPS 180-4: `blocks` blocks from `at` on, as words into `out` from `to` on.
 *
 * For messages of a few blocks. A call of `node:crypto` takes longer than so many blocks take here.
 */
export function sha256Blocks(view: DataView, at: number, blocks: number, out: Int32Array, to: number): void {
  for (let i = 0; i < HASH_WORDS; i++) out[to + i] = INITIAL[i] ?? 0;
  for (let block = 0; block < blocks; block++) {
    expand(view, at + block * BLOCK_BYTES);
    compress(out, to);
  }
}

/** Puts the end mark and the length behind a message, which begins at `start`, and returns how many blocks it has now. */
export function padMessage(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const blocks = Math.ceil((end - start + END_BYTES) / BLOCK_BYTES);
  const last = start + blocks * BLOCK_BYTES;
  bytes[end] = 0x80;
  for (let at = end + 1; at < last; at++) bytes[at] = 0;
  view.setUint32(last - 4, (end - start) * 8);
  return blocks;
}

function expand(view: DataView, at: number): void {
  for (let i = 0; i < 16; i++) schedule[i] = view.getInt32(at + 4 * i);
  for (let i = 16; i < ROUNDS; i++) {
    const a = schedule[i - 15] ?? 0;
    const b = schedule[i - 2] ?? 0;
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    schedule[i] = ((schedule[i - 16] ?? 0) + s0 + (schedule[i - 7] ?? 0) + s1) | 0;
  }
}

function compress(state: Int32Array, to: number): void {
  let a = state[to] ?? 0;
  let b = state[to + 1] ?? 0;
  let c = state[to + 2] ?? 0;
  let d = state[to + 3] ?? 0;
  let e = state[to + 4] ?? 0;
  let f = state[to + 5] ?? 0;
  let g = state[to + 6] ?? 0;
  let h = state[to + 7] ?? 0;
  for (let i = 0; i < ROUNDS; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + (CONSTANTS[i] ?? 0) + (schedule[i] ?? 0)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (c & (a ^ b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[to] = ((state[to] ?? 0) + a) | 0;
  state[to + 1] = ((state[to + 1] ?? 0) + b) | 0;
  state[to + 2] = ((state[to + 2] ?? 0) + c) | 0;
  state[to + 3] = ((state[to + 3] ?? 0) + d) | 0;
  state[to + 4] = ((state[to + 4] ?? 0) + e) | 0;
  state[to + 5] = ((state[to + 5] ?? 0) + f) | 0;
  state[to + 6] = ((state[to + 6] ?? 0) + g) | 0;
  state[to + 7] = ((state[to + 7] ?? 0) + h) | 0;
}

/** SHA-256 takes its constants from the roots of primes: the first 32 bits behind the point. */
function fractionBits(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}
