// SPDX-License-Identifier: MIT

/** The decoded result may be so many times as large as the input. */
export const GROWTH_MAX = 50;

/** One reader of bytes that others have written, with what is needed to make damaged bytes for it. */
export interface FuzzedDecoder {
  readonly name: string;
  /** The input's kind, for the table of results: at most twelve words. */
  readonly what: string;
  /** Sound inputs. Damaged inputs are made from them. */
  readonly samples: () => readonly Uint8Array[];
  /** Pieces that mean something in the format: each character stands for one byte. */
  readonly words: readonly string[];
  /** The brackets that open and close a container of the format: damage nests values deep. */
  readonly brackets: readonly (readonly [open: string, close: string])[];
  /** Inputs of about so many bytes, made of values as they occur, to measure memory. */
  readonly large: (bytes: number) => readonly Uint8Array[];
  /** The same, made of the smallest values that the format has: an object of JavaScript takes more than a byte. */
  readonly dense: (bytes: number) => readonly Uint8Array[];
  /**
   * The decoded result of these may be so many times as large as the input. More than {@link GROWTH_MAX} only where values are built.
   *
   * @defaultValue {@link GROWTH_MAX}
   */
  readonly denseGrowthMax?: number;
  /**
   * Decodes, and does with the result what comes next in use, such as encoding it again. What it throws MUST be a
   * `LedgerLoaderError`.
   *
   * @returns what was decoded.
   */
  readonly decode: (input: Uint8Array) => unknown;
}

/** Repeats a text between a beginning and an end until it has so many bytes, one for each character. */
export function repeated(bytes: number, part: string, beginning = "", end = ""): Uint8Array {
  const count = Math.max(1, Math.floor((bytes - beginning.length - end.length) / part.length));
  return Buffer.from(beginning + part.repeat(count) + end, "latin1");
}
