// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type VerificationReport, openExport, verifyExport } from "@ledger-loader/export";
import type { Block } from "@ledger-loader/journal";
import { formatHash } from "@ledger-loader/ion";
import { buildJournal, digestOf } from "../../test/sample-journal";
import { type WrittenJournal, verifyWritten, writeJournal } from "../../test/written-journal";

let folder: string;
let written: WrittenJournal;
const text = "{n:1}";
const blocks = buildJournal({
  first: 0,
  sealed: false,
  blocks: [0, 1, 2].map((document) => [{ document, kind: "data", text }]),
});
const digest = { hash: digestOf(blocks), tipAddress: blocks[2]!.blockAddress };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "export-"));
  written = await writeJournal(folder, blocks);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const verify = async (): Promise<VerificationReport> =>
  verifyExport(await openExport([written.manifestPath]), { digest });

describe("gzipped files", () => {
  const sha256 = (content: Uint8Array): string => createHash("sha256").update(content).digest("hex");

  it("are read by their bytes, objects and manifests, and hashed as they are stored", async () => {
    for (const path of [written.objectPath, written.manifestPath]) {
      await writeFile(path, gzipSync(await readFile(path)));
    }
    const report = await verify();
    expect(report).toMatchObject({ verdict: "passed", assurance: "anchored", blocks: 3 });
    const stored = await readFile(written.objectPath);
    expect(report.dataObjects).toMatchObject([{ sha256: sha256(stored), bytes: stored.length }]);
    expect(report.manifests[0]).toMatchObject({ sha256: sha256(await readFile(written.manifestPath)) });
  });

  it("are found by the name that gzip gives them", async () => {
    await writeFile(`${written.objectPath}.gz`, gzipSync(await readFile(written.objectPath)));
    await rm(written.objectPath);
    await rename(written.manifestPath, `${written.manifestPath}.gz`);
    expect(await verifyWritten({ ...written, manifestPath: folder })).toMatchObject({ verdict: "passed" });
  });

  it("that were cut fail, and that inflate without end are refused", async () => {
    const zipped = gzipSync(await readFile(written.objectPath));
    await writeFile(written.objectPath, zipped.subarray(0, -12));
    expect((await verify()).verdict).toBe("failed");
    await writeFile(written.objectPath, gzipSync(Buffer.alloc(96 * 1024 * 1024, " ")));
    const report = await verify();
    expect(report).toMatchObject({ verdict: "not-comparable", blocks: 0 });
    expect(report.findings[0]?.message).toContain("over 200 times");
  });
});

it("hashes a damaged object to its end", async () => {
  const content = Buffer.concat([Buffer.from("rubbish]"), Buffer.alloc(1_000_000, "x")]);
  await writeFile(written.objectPath, content);
  const { dataObjects } = await verify();
  expect(dataObjects).toMatchObject([
    { sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length },
  ]);
});

describe("a JSON export", () => {
  const toJson = (block: Block): string =>
    JSON.stringify({
      blockAddress: block.blockAddress,
      transactionId: block.transactionId,
      blockTimestamp: block.blockTimestamp,
      blockHash: formatHash(block.blockHash),
      entriesHash: formatHash(block.entriesHash),
      previousBlockHash: block.previousBlockHash && formatHash(block.previousBlockHash),
      entriesHashList: block.entriesHashList.map(formatHash),
      transactionInfo: {
        statements: [],
        documents: Object.fromEntries(
          (block.revisions ?? []).map(({ metadata }) => [
            metadata!.id,
            { tableName: "T1", tableId: "Table1", statements: [0] },
          ]),
        ),
      },
      revisions: (block.revisions ?? []).map(({ hash, metadata, blockAddress }) => ({
        blockAddress,
        hash: formatHash(hash),
        data: { n: 1 },
        metadata,
      })),
    });

  it("is incomplete: the chain and the digest match, and documents cannot be checked", async () => {
    await writeFile(written.objectPath, blocks.map(toJson).join("\n"));
    const report = await verify();
    expect(report).toMatchObject({
      verdict: "incomplete",
      assurance: "linked",
      blocks: 3,
      anchors: [{ status: "verified" }],
      tables: [{ tableName: "T1", revisions: 3 }],
    });
    expect(report.findings).toMatchObject([{ rule: "unchecked-content", severity: "incomplete" }]);
  });

  it.each(["blockHash", "entriesHash", "previousBlockHash"] as const)(
    "fails if %s was changed",
    async (field) => {
      const [first, second, third] = blocks as [Block, Block, Block];
      const changed = { ...second, [field]: third.entriesHash };
      await writeFile(written.objectPath, [first, changed, third].map(toJson).join("\n"));
      expect((await verify()).verdict).toBe("failed");
    },
  );
});
