// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { encodeBlock } from "@ledger-loader/journal";
import { openExport, verifyExport, writeExport } from "@ledger-loader/export";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildJournal, STRAND } from "../../test/sample-journal";
import { withTemporaryFolder } from "../../test/temporary-folder";

const MEGABYTE = 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Writes the same journal piece by piece, so that the test itself holds only a piece of it. */
function* blocksOf(count: number, bytesEach: number): Generator<Uint8Array> {
  const text = `{note:"${"x".repeat(bytesEach)}"}`;
  let previous: Uint8Array | undefined;
  for (let i = 0; i < count; i++) {
    const [block] = buildJournal(
      { first: i, sealed: false, blocks: [[{ document: i, kind: "data", text }]] },
      previous,
    );
    previous = block!.blockHash;
    yield encodeBlock(block!);
  }
}

/** The live memory at each report of progress while an export, in one data object, was verified. */
async function sampleVerification(
  folder: string,
  count: number,
): Promise<{ alive: number[]; bytes: number }> {
  const target = {
    folder,
    prefix: `${count}/`,
    ledgerName: "large",
    strandId: STRAND,
    format: "ion-binary" as const,
  };
  // One data object: memory must not grow with that either.
  const written = await writeExport({ ...target, maxObjectBytes: Infinity, blocks: blocksOf(count, 5000) });
  const source = await openExport([written.manifestPath]);
  const alive: number[] = [];
  const report = await verifyExport(source, {
    onProgress: () => {
      collectGarbage();
      const { heapUsed, external } = process.memoryUsage();
      alive.push(heapUsed + external);
    },
  });
  expect(report).toMatchObject({ assurance: "consistent", blocks: count });
  return { alive, bytes: written.bytes };
}

it("needs no more memory at the end of a large export than after its first third", async () => {
  await withTemporaryFolder(async (folder) => {
    const { alive, bytes } = await sampleVerification(folder, 5_000);
    expect(bytes).toBeGreaterThan(20 * MEGABYTE);
    expect(alive.length).toBeGreaterThan(20);
    // Medians, and within one run: what was left over from writing the export is collected sooner or later.
    const third = Math.floor(alive.length / 3);
    expect(median(alive.slice(-third)) - median(alive.slice(third, 2 * third))).toBeLessThan(2 * MEGABYTE);
  });
});

function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1]!;
}
