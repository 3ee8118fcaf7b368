// SPDX-License-Identifier: MIT
import { writeFile } from "node:fs/promises";
import { binaryToText, decodeIon, encodeIon, formatHash, hashIon } from "@ledger-loader/ion";
import { type Block, encodeBlock, uncoveredFields } from "@ledger-loader/journal";
import * as fc from "fast-check";
import { changeValue, listPaths, replaceAt, type ValuePath } from "./mutate-value";
import type { WrittenJournal } from "./written-journal";

/** Which value of which block is changed, and how. */
export interface ChangePlan {
  readonly block: number;
  readonly path: number;
  readonly variant: number;
}

export const arbitraryChange: fc.Arbitrary<ChangePlan> = fc.record({
  block: fc.nat(),
  path: fc.nat(),
  variant: fc.integer({ min: 1, max: 1000 }),
});

/** A block in which one value that hashes cover is another one. */
export interface ChangedBlock {
  readonly index: number;
  readonly block: Block;
  readonly path: ValuePath;
  readonly changed: Uint8Array;
}

/** Changes one value. Takes back the run of the property where that changes nothing, or nothing that a hash covers. */
export function changeOneValue(
  blocks: readonly Block[],
  { block: n, path: p, variant }: ChangePlan,
  sealed: boolean,
): ChangedBlock {
  const index = n % blocks.length;
  const block = blocks[index]!;
  const original = encodeBlock(block);
  const value = decodeIon(original);
  const paths = listPaths(value);
  const path = paths[p % paths.length]!;
  const changed = encodeIon(replaceAt(value, path, (each) => changeValue(each, variant)));
  fc.pre(hashOf(changed) !== hashOf(original));
  fc.pre(!uncoveredIn(block, sealed).includes(path.join(".")));
  return { index, block, path, changed };
}

/** Writes a changed block to the data object of its journal, in place of the sound one. */
export async function writeChanged(
  { objectPath }: WrittenJournal,
  blocks: readonly Block[],
  { index, changed }: ChangedBlock,
  format: "ion-text" | "ion-binary",
): Promise<void> {
  const content = blocks.map((each, i) => (i === index ? changed : encodeBlock(each)));
  await writeFile(objectPath, Buffer.concat(format === "ion-text" ? content.map(binaryToText) : content));
}

/** The fields that journal lists as uncovered in a block of an export, whose neighbours and manifest tell its address. */
export function uncoveredIn(block: Block, sealed: boolean): string[] {
  return uncoveredFields(block, { hasNeighbour: true, sealed });
}

/** The hash of an Ion value, as text. */
export function hashOf(ion: Uint8Array): string {
  return formatHash(hashIon(ion));
}
