// SPDX-License-Identifier: MIT
import type { ChainTip } from "@ledger-loader/journal";
import type { SequenceRange } from "../../read/data-object-name";
import type { JournalExport } from "../../read/journal-export";
import type { JournalEnd } from "../journal-end";
import type { ObjectRun } from "./verification-part";

/** The knowledge before a part's first data object. */
export interface PartStart {
  /** The number that the first block must have by names and counting. */
  readonly expected: number | undefined;
  /** The block before; `unknown` if another part has it. */
  readonly tip: ChainTip | "unknown" | undefined;
  /** The block with which the part's run of the tree begins. */
  readonly treeStart: number;
}

type Objects = Pick<JournalExport, "objects" | "strandId">;

/** All data objects. */
export function wholeRun({ objects }: Objects): ObjectRun {
  return { from: 0, to: objects.length };
}

/**
 * The data objects that begin in a range of blocks, by their names: ranges that follow one another give runs that do.
 *
 * A part begins only after an object whose name tells its last block: an object without such a name stays with the ones
 * around it.
 */
export function runOf(
  source: Objects,
  { first = 0, last = Number.MAX_SAFE_INTEGER }: Partial<SequenceRange>,
): ObjectRun {
  const starts = firstBlocks(source);
  const from = cutAt(
    source,
    starts.findIndex((start) => start >= first),
  );
  const to = cutAt(
    source,
    starts.findIndex((start) => start > last),
  );
  return first === 0 ? { from: 0, to } : { from, to };
}

/** Cuts an export into at most `parts` runs with about equal numbers of bytes. */
export function evenRuns(source: Objects, sizes: readonly number[], parts: number): ObjectRun[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const cuts = [0];
  let before = 0;
  for (const [index, size] of sizes.entries()) {
    if (before >= (total * cuts.length) / parts && index > (cuts.at(-1) ?? 0) && isCut(source, index))
      cuts.push(index);
    before += size;
  }
  return cuts.map((from, at) => ({ from, to: cuts[at + 1] ?? sizes.length }));
}

/** The knowledge before a run. */
export function startOf(source: Objects, { from }: ObjectRun, continues?: JournalEnd): PartStart {
  if (from === 0) {
    const next = continues && continues.tip.blockAddress.sequenceNo + 1;
    return { expected: next, tip: continues?.tip, treeStart: next ?? 0 };
  }
  const expected = (source.objects[from - 1]?.name?.last ?? -1) + 1;
  return { expected, tip: "unknown", treeStart: expected };
}

/** The first block of each object by its name; never less than that of the object before. */
function firstBlocks({ objects }: Objects): number[] {
  let highest = 0;
  return objects.map(({ name }) => (highest = Math.max(highest, name?.first ?? 0)));
}

/** The next place from `index` on where a part may begin; -1 is the end. */
function cutAt(source: Objects, index: number): number {
  let at = index < 0 ? source.objects.length : index;
  while (!isCut(source, at)) at++;
  return at;
}

function isCut({ objects, strandId }: Objects, index: number): boolean {
  if (index === 0 || index >= objects.length) return true;
  return strandId !== undefined && objects[index - 1]?.name !== undefined;
}
