// SPDX-License-Identifier: MIT
import type { FuzzedDecoder } from "./fuzzed-decoder";
import { mutate } from "./mutate";
import { SeededRandom } from "./seeded-random";
import { tryInput } from "./try-input";

/** How long, and with which inputs. */
export interface FuzzOptions {
  readonly inputs: number;
  /** The same seed makes the same inputs. */
  readonly seed: number;
  /**
   * The longest input, unless a sample is longer.
   *
   * @defaultValue 65536
   */
  readonly bytesMax?: number;
  /** Told now and then how many inputs were tried. */
  readonly onProgress?: (tried: number) => void;
}

/** An input that broke a law. */
export interface FuzzFailure {
  readonly problem: string;
  /** The input in hexadecimal digits. */
  readonly input: string;
}

/** The outcome of damaged inputs. */
export interface FuzzResult {
  readonly name: string;
  readonly what: string;
  readonly inputs: number;
  /** Inputs that were decoded in spite of the damage. */
  readonly accepted: number;
  readonly slowestMs: number;
  /** The largest estimate of what was decoded, in sizes of the input. */
  readonly growthMax: number;
  /** The first input of each problem. */
  readonly failures: readonly FuzzFailure[];
}

/** More of them say nothing new. */
const FAILURES_MAX = 20;
const BYTES_MAX = 64 * 1024;
const PROGRESS_INPUTS = 10_000;

/** Decodes damaged samples, and keeps what broke a law. The samples themselves MUST be decoded. */
export async function fuzzDecoder(decoder: FuzzedDecoder, options: FuzzOptions): Promise<FuzzResult> {
  const samples = decoder.samples();
  const source = { ...decoder, samples, bytesMax: options.bytesMax ?? BYTES_MAX };
  const failures = new Map<string, FuzzFailure>();
  let [accepted, slowestMs, growthMax] = [0, 0, 0];
  let index = 0;
  for (; index < options.inputs && failures.size < FAILURES_MAX; index++) {
    const random = new SeededRandom(options.seed, index);
    const input = mutate(random.pick(samples), random, source);
    const attempt = await tryInput(decoder, input);
    if (attempt.accepted) accepted++;
    slowestMs = Math.max(slowestMs, attempt.ms);
    growthMax = Math.max(growthMax, input.length < GROWTH_INPUT_BYTES_MIN ? 0 : attempt.growth);
    if (attempt.problem !== undefined) keep(failures, attempt.problem, input);
    if ((index + 1) % PROGRESS_INPUTS === 0) options.onProgress?.(index + 1);
  }
  const { name, what } = decoder;
  return { name, what, inputs: index, accepted, slowestMs, growthMax, failures: [...failures.values()] };
}

/** Of smaller inputs, what every result has counts more than what the input made of it. */
const GROWTH_INPUT_BYTES_MIN = 1024;

/** Problems that differ in numbers and quoted texts only are one. */
function keep(failures: Map<string, FuzzFailure>, problem: string, input: Uint8Array): void {
  const kind = problem.replace(/"[^"]*"|\d+/g, "#").slice(0, 160);
  if (!failures.has(kind)) failures.set(kind, { problem, input: Buffer.from(input).toString("hex") });
}
