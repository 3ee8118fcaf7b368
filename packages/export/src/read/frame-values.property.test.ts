// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { type IonSlice, formatHash, hashIon, readFrame, transcodeToBinary } from "@ledger-loader/ion";
import * as fc from "fast-check";
import { arbitraryDocumentText, inPieces, plainRuns } from "@ledger-loader/testkit";
import { frameValues } from "./frame-values";

const hashOf = (ion: Uint8Array | IonSlice): string => formatHash(hashIon(ion));

/** Sizes of the pieces in which a stream arrives; the first ones often inside a token. */
const pieceSizes = fc.oneof(
  fc.constant([1]),
  fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
);

async function hashesOfFrames(content: Uint8Array, sizes: readonly number[]): Promise<string[]> {
  const hashes: string[] = [];
  let end = 0;
  for await (const frame of frameValues(inPieces(content, sizes))) {
    const { offset, size } = frame;
    expect(offset).toBeGreaterThanOrEqual(end);
    end = offset + size;
    hashes.push(hashOf(readFrame(frame)));
  }
  expect(end).toBeLessThanOrEqual(content.length);
  return hashes;
}

const separator = fc.constantFrom("", " ", "\n", "\r\n\t", "/* } ' \" */", "// { \n", " $ion_1_0 ");

it("cuts text into the values that were put together, in pieces of any size", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(arbitraryDocumentText, separator), { maxLength: 5 }),
      pieceSizes,
      async (values, sizes) => {
        const content = Buffer.from(values.map(([text, after]) => text + after).join(""));
        const expected = values.map(([text]) => hashOf(transcodeToBinary(text)));
        expect(await hashesOfFrames(content, sizes)).toEqual(expected);
      },
    ),
    { numRuns: plainRuns(300) },
  );
});

it("cuts binary into the values that were put together, in pieces of any size", async () => {
  const padding = fc.constantFrom([], [0x00], [0x03, 1, 2, 3], [0xe0, 1, 0, 0xea], [0x0e, 0x81, 0xff]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(arbitraryDocumentText, padding), { maxLength: 5 }),
      pieceSizes,
      async (values, sizes) => {
        const parts = values.map(([text, after]) => [transcodeToBinary(text), Uint8Array.from(after)]);
        const expected = parts.map(([ion]) => hashOf(ion!));
        expect(await hashesOfFrames(Buffer.concat(parts.flat()), sizes)).toEqual(expected);
      },
    ),
    { numRuns: plainRuns(300) },
  );
});
