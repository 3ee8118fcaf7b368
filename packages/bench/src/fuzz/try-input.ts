// SPDX-License-Identifier: MIT
import { type FuzzedDecoder, GROWTH_MAX } from "./fuzzed-decoder";
import { judgeError } from "./judge-message";
import { weigh } from "./weigh";

/** The outcome of one input. */
export interface Attempt {
  /** The breach of a law; `undefined` if there was none. */
  readonly problem: string | undefined;
  /** True if it was decoded, false if it was refused. */
  readonly accepted: boolean;
  readonly ms: number;
  /** The estimated size of what was decoded, in sizes of the input. 0 if it was refused. */
  readonly growth: number;
}

/** An input may take so long. */
export const INPUT_MS_MAX = 1000;

/** The growth that even an empty input is allowed, in bytes. */
const GROWTH_BYTES_MIN = 16 * 1024;

/**
 * Decodes one input, and looks whether that held the laws: no error but typed ones with a message for people, at most a
 * second, at most 50 times its size.
 */
export async function tryInput(decoder: FuzzedDecoder, input: Uint8Array): Promise<Attempt> {
  const { error, value, ms } = await timed(decoder, input);
  const bytes = error === undefined ? weigh(value) : 0;
  const refusal = error === undefined ? undefined : judgeError(error.thrown);
  const growth = bytes / Math.max(1, input.length);
  const tooLarge = bytes > GROWTH_BYTES_MIN && growth > GROWTH_MAX;
  const size = tooLarge ? `${Math.round(growth)} times the size of the input` : undefined;
  const time = ms > INPUT_MS_MAX ? await judgeTime(decoder, input) : undefined;
  return { problem: refusal ?? size ?? time, accepted: error === undefined, ms, growth };
}

interface Timed {
  readonly error: { readonly thrown: unknown } | undefined;
  readonly value: unknown;
  readonly ms: number;
}

async function timed({ decode }: FuzzedDecoder, input: Uint8Array): Promise<Timed> {
  const before = performance.now();
  try {
    const returned = decode(input);
    const value = returned instanceof Promise ? ((await returned) as unknown) : returned;
    return { error: undefined, value, ms: performance.now() - before };
  } catch (thrown) {
    return { error: { thrown }, value: undefined, ms: performance.now() - before };
  }
}

/** Another process may have had the processor: the input is decoded again, and the processor's time counts. */
async function judgeTime(decoder: FuzzedDecoder, input: Uint8Array): Promise<string | undefined> {
  const before = process.cpuUsage();
  await timed(decoder, input);
  const { user, system } = process.cpuUsage(before);
  const ms = Math.round((user + system) / 1000);
  return ms > INPUT_MS_MAX ? `${ms} ms of the processor's time` : undefined;
}
