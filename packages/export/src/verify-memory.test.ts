// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { encodeBlock } from "@ledger-loader/journal";
import { openExport, verifyExport, writeExport } from "@ledger-loader/export";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { buildJournal, STRAND } from "../test/sample-journal";
import { withTemporaryFolder } from "../test/temporary-folder";

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

/** The most memory that was alive while an export was verified, over what was before. */
async function peakBytes(folder: string, count: number): Promise<{ peak: number; bytes: number }> {
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
  const alive = (): number => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = alive();
  let peak = 0;
  const report = await verifyExport(source, { onProgress: () => (peak = Math.max(peak, alive() - before)) });
  expect(report).toMatchObject({ grade: "consistent", blocks: count });
  return { peak, bytes: written.bytes };
}

it("needs no more memory for an export, in one object, that is ten times as large", async () => {
  await withTemporaryFolder(async (folder) => {
    await peakBytes(folder, 400);
    const small = await peakBytes(folder, 500);
    const large = await peakBytes(folder, 5_000);
    expect(large.bytes).toBeGreaterThan(9 * small.bytes);
    expect(large.bytes).toBeGreaterThan(20 * MEGABYTE);
    expect(large.peak - small.peak).toBeLessThan(3 * MEGABYTE);
  });
});
