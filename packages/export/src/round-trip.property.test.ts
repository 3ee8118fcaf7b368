// SPDX-License-Identifier: MIT
import { expect, it } from "@jest/globals";
import { encodeBlock } from "@ledger-loader/journal";
import { formatHash, hashIon } from "@ledger-loader/ion";
import {
  type ExportStorage,
  FolderStorage,
  openExport,
  openManifests,
  verifyExport,
  writeExport,
} from "@ledger-loader/export";
import * as fc from "fast-check";
import { dirname } from "node:path";
import { inPieces, plainRuns } from "@ledger-loader/testkit";
import { arbitraryPlan, buildJournal, digestOf, STRAND } from "../test/sample-journal";
import { withTemporaryFolder } from "../test/temporary-folder";

/** Reads another storage's objects in pieces of the given sizes. */
function inPiecesFrom(storage: ExportStorage, sizes: readonly number[]): ExportStorage {
  return {
    async locate(key) {
      const located = await storage.locate(key);
      if (!located.found) return located;
      return {
        ...located,
        async *read() {
          for await (const chunk of located.read()) yield* inPieces(chunk, sizes);
        },
      };
    },
  };
}

it("reads the blocks that were written, in both formats, from pieces of any size, and they verify", async () => {
  const options = fc.record({
    format: fc.constantFrom("ion-text" as const, "ion-binary" as const),
    prefix: fc.constantFrom("", "a/", "a/b-"),
    maxObjectBytes: fc.integer({ min: 1, max: 10_000 }),
    sizes: fc.oneof(fc.constant([1]), fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 })),
  });
  await fc.assert(
    fc.asyncProperty(arbitraryPlan, options, async (plan, { format, prefix, maxObjectBytes, sizes }) =>
      withTemporaryFolder(async (folder) => {
        const blocks = buildJournal(plan);
        const target = { folder, prefix, ledgerName: "vehicles", strandId: STRAND, format, maxObjectBytes };
        const written = await writeExport({ ...target, blocks: blocks.map(encodeBlock) });
        const opened = await openExport([written.manifestPath]);
        const source = openManifests(
          opened.manifests.map((manifest) => ({
            manifest,
            storage: inPiecesFrom(new FolderStorage(dirname(written.manifestPath)), sizes),
          })),
        );
        const hashes: string[] = [];
        for await (const { block } of source.blocks()) hashes.push(formatHash(hashIon(encodeBlock(block))));
        expect(hashes).toEqual(blocks.map((block) => formatHash(hashIon(encodeBlock(block)))));

        const tip = blocks.at(-1)!;
        const digest = { hash: digestOf(blocks), tipAddress: tip.blockAddress };
        const report = await verifyExport(source, plan.first === 0 ? { digest } : {});
        const isContentMissing = report.revisions.redacted + report.revisions["hash-only"] > 0;
        expect(report.findings.map(({ rule }) => rule)).toEqual(
          isContentMissing ? ["unchecked-content"] : [],
        );
        expect(report).toMatchObject({
          verdict: isContentMissing ? "incomplete" : "passed",
          assurance: plan.first === 0 ? "anchored" : "consistent",
          blocks: blocks.length,
          range: { first: plan.first, last: tip.blockAddress.sequenceNo },
          bytes: format === "ion-text" ? written.bytes - blocks.length : expect.any(Number),
        });
      }),
    ),
    { numRuns: plainRuns(60) },
  );
});
