// SPDX-License-Identifier: MIT
import { describe, expect, it } from "@jest/globals";
import { type Block, decodeBlock, encodeBlock } from "@ledger-loader/journal";
import { readFrame } from "@ledger-loader/ion";
import { LedgerLoaderError } from "@ledger-loader/errors";
import * as fc from "fast-check";
import { load } from "ion-js";
import { readFile, writeFile } from "node:fs/promises";
import { arbitraryChange, changeOneValue, hashOf, uncoveredIn, writeChanged } from "../../test/changed-value";
import type { ValuePath } from "../../test/mutate-value";
import { inPieces, plainRuns } from "@ledger-loader/testkit";
import { arbitraryPlan, buildJournal, documentId, type JournalPlan } from "../../test/sample-journal";
import { withTemporaryFolder } from "../../test/temporary-folder";
import { verifyWritten, writeJournal } from "../../test/written-journal";
import { frameValues } from "../read/frame-values";

const formats = fc.constantFrom("ion-text" as const, "ion-binary" as const);

/** The number that a block gives itself, if it still does. */
function findSequenceNo(ion: Uint8Array): number | undefined {
  try {
    return decodeBlock(ion).blockAddress.sequenceNo;
  } catch {
    return undefined;
  }
}

function expectedDocument(block: Block, path: ValuePath): string | undefined {
  const [list, index, part, field] = path;
  const id = list === "revisions" ? block.revisions?.[Number(index)]?.metadata?.id : undefined;
  const isTheIdItself =
    part === undefined || (part === "metadata" && (field === undefined || field === "id"));
  return isTheIdItself ? undefined : id;
}

describe("a change of one value", () => {
  it("breaks verification, which names block and document, unless journal lists the field as uncovered", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, formats, arbitraryChange, async (plan, format, change) => {
        const blocks = buildJournal(plan);
        const changedBlock = changeOneValue(blocks, change, plan.sealed);
        const { block, path, changed } = changedBlock;
        await withTemporaryFolder(async (folder) => {
          const written = await writeJournal(folder, blocks, { format });
          await writeChanged(written, blocks, changedBlock, format);
          const report = await verifyWritten(written);
          expect(report.verdict).toBe("failed");
          const numbers = [block.blockAddress.sequenceNo, findSequenceNo(changed)];
          const there = report.findings.filter(({ blockAddress }) =>
            numbers.includes(blockAddress?.sequenceNo),
          );
          expect(there.length).toBeGreaterThan(0);
          const id = expectedDocument(block, path);
          if (id !== undefined) expect(there.map((finding) => finding.documentId)).toContain(id);
        });
      }),
      { numRuns: plainRuns(100) },
    );
  });
});

/** The blocks of a data object, uncovered fields as in `originals`; `undefined` if they cannot all be read. */
async function readCovered(
  content: Uint8Array,
  originals: readonly Block[],
  sealed: boolean,
): Promise<string[] | undefined> {
  const hashes: string[] = [];
  try {
    for await (const frame of frameValues(inPieces(content, [1 << 20]))) {
      const block = decodeBlock(readFrame(frame));
      const original = originals[hashes.length];
      const uncovered = original ? uncoveredIn(original, sealed) : [];
      const kept = Object.fromEntries(
        Object.entries(original ?? {}).filter(([name]) => uncovered.includes(name)),
      );
      hashes.push(hashOf(encodeBlock({ ...block, ...kept })));
    }
    return hashes;
  } catch (error) {
    if (error instanceof LedgerLoaderError) return undefined;
    throw error;
  }
}

async function flipByte(path: string, position: number, mask: number): Promise<Uint8Array> {
  const content = new Uint8Array(await readFile(path));
  const at = position % content.length;
  content[at] = content[at]! ^ mask;
  await writeFile(path, content);
  return content;
}

const FLIPS = plainRuns(100);

describe("a flip within one byte", () => {
  const flip = fc.record({ position: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });

  it("of a data object breaks verification, unless all covered values are still the same", async () => {
    let flips = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryPlan, formats, flip, async (plan: JournalPlan, format, { position, mask }) =>
        withTemporaryFolder(async (folder) => {
          const blocks = buildJournal(plan);
          const written = await writeJournal(folder, blocks, { format });
          const changed = await flipByte(written.objectPath, position, mask);
          const same = blocks.map((block) => hashOf(encodeBlock(block))).join();
          if ((await readCovered(changed, blocks, plan.sealed))?.join() === same) return;
          flips++;
          const report = await verifyWritten(written);
          // Only content that shows no trace of a block is taken for another format.
          expect(["failed", "not-comparable"]).toContain(report.verdict);
          if (report.verdict === "not-comparable") expect(report.blocks).toBe(0);
          const found = report.findings.filter(({ severity }) => severity === report.verdict);
          expect(found.some(({ blockAddress }) => blockAddress !== undefined)).toBe(true);
        }),
      ),
      { numRuns: FLIPS },
    );
    expect(flips).toBeGreaterThan(0.3 * FLIPS);
  });

  it("of the manifest breaks verification or is refused with the manifest's name", async () => {
    const blocks = buildJournal({ first: 3, sealed: true, blocks: [undefined, undefined] });
    await fc.assert(
      fc.asyncProperty(formats, flip, async (format, { position, mask }) =>
        withTemporaryFolder(async (folder) => {
          const written = await writeJournal(folder, blocks, { format });
          const original = load(await readFile(written.manifestPath));
          const changed = await flipByte(written.manifestPath, position, mask);
          let same = false;
          try {
            same = load(changed)?.get("keys")?.equals(original?.get("keys")) ?? false;
          } catch {
            // Not Ion any more: surely not the same.
          }
          fc.pre(!same);
          const verdict = await verifyWritten(written).then(
            ({ verdict: found }) => found,
            (error: unknown) => error,
          );
          if (!["failed", "incomplete", "not-comparable"].includes(String(verdict)))
            expect(verdict).toMatchObject({ code: "EXPORT_MANIFEST", manifest: written.manifestPath });
        }),
      ),
      { numRuns: plainRuns(100) },
    );
  });
});

it("names the document of a revision whose data were changed", async () => {
  const plan = {
    first: 0,
    sealed: false,
    blocks: [[{ document: 1, kind: "data" as const, text: '{name:"Nova"}' }]],
  };
  await withTemporaryFolder(async (folder) => {
    const written = await writeJournal(folder, buildJournal(plan));
    await writeFile(written.objectPath, (await readFile(written.objectPath, "utf8")).replace("Nova", "Nina"));
    const report = await verifyWritten(written);
    expect(report.findings).toEqual([
      expect.objectContaining({
        rule: "revision-hash",
        documentId: documentId(1),
        version: 0,
        severity: "failed",
      }),
    ]);
    expect(JSON.stringify(report)).not.toContain("Nina");
  });
});
