// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { DECODERS } from "./decoders";
import { fuzzDecoder } from "./fuzz-decoder";
import type { FuzzedDecoder } from "./fuzzed-decoder";

/** Of each of 15 decoders, so 75,000: about 18 s of the processor. Longer runs are made by hand: `pnpm fuzz`. */
const INPUTS = 5000;
/** Most of the processor's time would go into the longest inputs. */
const BYTES_MAX = 2048;

describe("Damaged inputs", () => {
  // A run that fails is repeated by its seed, and the input is in the message.
  const seed = Date.now() % 2 ** 32;

  it.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))(
    `do not make %s break a law (seed ${seed})`,
    async (_name, decoder) => {
      const result = await fuzzDecoder(decoder, { inputs: INPUTS, seed, bytesMax: BYTES_MAX });
      expect(result.failures).toEqual([]);
      expect(result.inputs).toBe(INPUTS);
      // Some damage does not matter, and some does.
      expect(result.accepted).toBeGreaterThan(INPUTS / 100);
    },
  );

  const careless: FuzzedDecoder = {
    name: "careless",
    what: "texts",
    samples: () => [Buffer.from('{"a": [1, 2]}')],
    words: [":"],
    brackets: [["[", "]"]],
    large: () => [],
    dense: () => [],
    decode: (input) => JSON.parse(Buffer.from(input).toString()) as unknown,
  };

  it.each([
    ["an error that is not ours", careless.decode, "an untyped error: SyntaxError"],
    [
      "what is decoded is too large",
      () => new Array<string>(100_000).fill("x".repeat(9)),
      "times the size of the input",
    ],
    [
      "a late untyped error",
      () => Promise.reject(new RangeError("Maximum call stack size exceeded")),
      "an untyped error: RangeError",
    ],
  ])("are found where a law is broken: %s", async (_law, decode, problem) => {
    const options = { inputs: 500, seed: 1, bytesMax: BYTES_MAX };
    const { failures } = await fuzzDecoder({ ...careless, decode }, options);
    expect(failures[0]?.problem).toContain(problem);
    // The same seed, the same inputs.
    expect((await fuzzDecoder({ ...careless, decode }, options)).failures).toEqual(failures);
  });
});
