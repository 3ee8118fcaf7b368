// SPDX-License-Identifier: MIT
import type { FuzzedDecoder } from "./fuzzed-decoder";
import type { SeededRandom } from "./seeded-random";

/** The material of damage. */
export interface MutationSource extends Pick<FuzzedDecoder, "brackets" | "words"> {
  readonly samples: readonly Uint8Array[];
  /** Damage makes no input longer than that. */
  readonly bytesMax: number;
}

type Mutation = (input: Buffer, random: SeededRandom, source: MutationSource) => Buffer;

const MUTATIONS_MAX = 5;

/** Bytes at which lengths, signs and types change. */
const EDGE_BYTES = [0x00, 0x01, 0x0e, 0x0f, 0x20, 0x7f, 0x80, 0x8e, 0xb0, 0xde, 0xe0, 0xee, 0xff];

const EDGE_NUMBERS = [
  "-1",
  "-0",
  "0.0",
  "9007199254740993",
  "18446744073709551616",
  "1e999999999",
  "1E-999999999",
  "1d999999999",
  "NaN",
  "1".repeat(400),
  `0.${"1".repeat(400)}`,
];

/** A damaged copy of a sample. */
export function mutate(sample: Uint8Array, random: SeededRandom, source: MutationSource): Buffer {
  let damaged: Buffer = Buffer.from(sample);
  for (let left = 1 + random.below(MUTATIONS_MAX); left > 0; left--) {
    const next = random.pick(MUTATIONS)(damaged, random, source);
    if (next.length <= source.bytesMax) damaged = next;
  }
  return damaged;
}

const flipBit: Mutation = (input, random) => {
  const at = random.below(input.length);
  if (input.length > 0) input[at] = (input[at] ?? 0) ^ (1 << random.below(8));
  return input;
};

const setByte: Mutation = (input, random) => {
  if (input.length > 0) input[random.below(input.length)] = random.pick(EDGE_BYTES);
  return input;
};

const cutOff: Mutation = (input, random) => input.subarray(0, random.below(input.length + 1));

const remove: Mutation = (input, random) => {
  const { from, to } = range(input, random);
  return Buffer.concat([input.subarray(0, from), input.subarray(to)]);
};

const repeat: Mutation = (input, random) => {
  const { from, to } = range(input, random);
  const times = 2 ** random.below(7);
  const copies = Array.from({ length: times }, () => input.subarray(from, to));
  return Buffer.concat([input.subarray(0, from), ...copies, input.subarray(from)]);
};

const splice: Mutation = (input, random, { samples }) => {
  const other = random.pick(samples);
  const { from, to } = range(other, random);
  const at = random.below(input.length + 1);
  const rest = input.subarray(Math.min(input.length, at + random.below(2) * (to - from)));
  return Buffer.concat([input.subarray(0, at), other.subarray(from, to), rest]);
};

const insertWord: Mutation = (input, random, { words }) => {
  const at = random.below(input.length + 1);
  return Buffer.concat([
    input.subarray(0, at),
    Buffer.from(random.pick(words), "latin1"),
    input.subarray(at),
  ]);
};

/** Puts another number in the place of digits. Binary has none: nothing happens. */
const replaceNumber: Mutation = (input, random) =>
  replaceToken(input, random, /\d+(\.\d+)?/g, () => random.pick(EDGE_NUMBERS));

/** Puts containers around a number, a text or a word. */
const nest: Mutation = (input, random, { brackets, bytesMax }) => {
  const [open, close] = random.pick(brackets);
  const depth = Math.min(2 ** random.below(14), Math.floor(bytesMax / 2 / (open.length + close.length)));
  return replaceToken(
    input,
    random,
    /"[^"\\]*"|[\w.]+/g,
    (token) => open.repeat(depth) + token + close.repeat(depth),
  );
};

const MUTATIONS: readonly Mutation[] = [
  flipBit,
  flipBit,
  setByte,
  cutOff,
  remove,
  repeat,
  splice,
  insertWord,
  replaceNumber,
  nest,
];

function replaceToken(
  input: Buffer,
  random: SeededRandom,
  pattern: RegExp,
  replace: (token: string) => string,
): Buffer {
  // Latin-1 keeps every byte as it is.
  const text = input.toString("latin1");
  pattern.lastIndex = random.below(text.length);
  const found = pattern.exec(text);
  if (found === null) return input;
  const end = found.index + found[0].length;
  return Buffer.from(text.slice(0, found.index) + replace(found[0]) + text.slice(end), "latin1");
}

function range(input: Uint8Array, random: SeededRandom): { from: number; to: number } {
  const from = random.below(input.length + 1);
  // Short ranges more often than long ones.
  const length = random.below(2 ** (1 + random.below(10)));
  return { from, to: Math.min(input.length, from + length) };
}
