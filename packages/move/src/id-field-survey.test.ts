// SPDX-License-Identifier: MIT
import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  type BodyReader,
  createEvent,
  createMasking,
  decodeEvents,
  parseMasking,
} from "@ledger-loader/core";
import { type JournalExport } from "@ledger-loader/export";
import { transcodeToBinary } from "@ledger-loader/ion";
import { type Block, buildBlock, buildRevision, encodeTransactionInfo } from "@ledger-loader/journal";
import { replayExport, surveyIdFields, type ReplayTarget } from "@ledger-loader/move";
import { exportBlocks, takeFolders } from "../test/source-journal";

const strandId = "KmA3ZZca7vAIiJAK9S5Iwl";
const id = (n: number): string => `D${n}`.padEnd(22, "x");

/** An export with one inserted document per block, in Ion text. */
async function exportOf(...documents: readonly [table: string, text: string][]): Promise<JournalExport> {
  let previousBlockHash: Block["previousBlockHash"];
  const blocks = documents.map(([tableName, text], sequenceNo) => {
    const blockAddress = { strandId, sequenceNo };
    const transactionId = `Tx${sequenceNo}`.padEnd(22, "x");
    const at = `2020-06-01T10:00:0${sequenceNo}.000Z`;
    const metadata = { id: id(sequenceNo), version: 0, txTime: at, txId: transactionId };
    const block = buildBlock({
      ...{ blockAddress, transactionId, blockTimestamp: at, previousBlockHash },
      transactionInfo: encodeTransactionInfo({
        statements: [],
        documents: new Map([[id(sequenceNo), { tableName, tableId: tableName, statements: [] }]]),
      }),
      revisions: [buildRevision({ blockAddress, metadata, data: transcodeToBinary(text) })],
    });
    previousBlockHash = block.blockHash;
    return block;
  });
  return exportBlocks(blocks);
}

const writer = new BaseRevisionWriter();
const options = { idFieldOf: writer.idField.bind(writer) };

afterAll(() => {
  for (const folder of takeFolders()) rmSync(folder, { recursive: true, force: true });
});

describe("surveyIdFields", () => {
  it("finds the tables whose documents have the field with another value than their id, and a free name", async () => {
    const journal = await exportOf(
      ["Own", `{oldDocumentId: "${id(0)}"}`],
      ["Loaded", `{oldDocumentId: "elsewhere", oldDocumentId2: 1}`],
      ["Numbered", `{oldDocumentId: 7}`],
      ["Other", `{n: 1, inner: {oldDocumentId3: 1}}`],
    );
    const survey = await surveyIdFields(journal, options);
    expect(survey.taken).toEqual([
      { table: "Loaded", field: "oldDocumentId" },
      { table: "Numbered", field: "oldDocumentId" },
    ]);
    expect(survey.freeField("oldDocumentId")).toBe("oldDocumentId3");
    expect(survey.freeField("n")).toBe("n2");
    const others = { ...options, tables: new Set(["Own", "Other"]) };
    expect((await surveyIdFields(journal, others)).taken).toEqual([]);
  });

  it("looks at what is written: hashed ids are not those in the documents, and a field that is left out is free", async () => {
    const journal = await exportOf(
      ["Own", `{oldDocumentId: "${id(0)}"}`],
      ["Loaded", `{oldDocumentId: "elsewhere", secret: 1}`],
    );
    const masked = (rules: object) =>
      createMasking(parseMasking(JSON.stringify({ tables: { "*": rules } }), true), "k".repeat(32));
    const hashed = await surveyIdFields(journal, { ...options, transform: masked({ hashId: true }) });
    expect(hashed.taken).toEqual([
      { table: "Own", field: "oldDocumentId" },
      { table: "Loaded", field: "oldDocumentId" },
    ]);
    const rules = { rules: [{ path: "oldDocumentId", action: "drop" }] };
    const dropped = await surveyIdFields(journal, { ...options, transform: masked(rules) });
    expect([dropped.taken, dropped.freeField("oldDocumentId"), dropped.freeField("secret")]).toEqual([
      [],
      "oldDocumentId",
      "secret2",
    ]);
    const toOther: BodyReader = (body) => ({
      events: decodeEvents(body).events.map(({ event }) => ({
        event: createEvent({ op: "ANY", table: "Other", id: event?.id?.value, data: { oldDocumentId: 1 } }),
      })),
      atomic: false,
    });
    const mapped = await surveyIdFields(journal, { ...options, read: toOther });
    expect(mapped.taken).toEqual([{ table: "Other", field: "oldDocumentId" }]);
  });

  it("looks at no more revisions than it was told", async () => {
    const journal = await exportOf(["A", "{n: 1}"], ["B", `{oldDocumentId: "elsewhere"}`]);
    expect((await surveyIdFields(journal, { ...options, revisionsMax: 1 })).taken).toEqual([]);
  });
});

describe("replayExport with idFieldOf", () => {
  it("ends before it delivers anything of a table whose documents have the field", async () => {
    const journal = await exportOf(["A", "{n: 1}"], ["A", "{n: 2}"], ["B", `{oldDocumentId: "elsewhere"}`]);
    const delivered: string[] = [];
    const target: ReplayTarget = {
      deliver(deliveries) {
        delivered.push(...deliveries.map(({ deliveryId }) => deliveryId));
        return Promise.resolve(
          deliveries.map(() => ({ events: [{ outcome: { status: "published" } }], split: false })),
        );
      },
    };
    const replay = replayExport(journal, target, { targetName: "t", batchEvents: 1, ...options });
    await expect(replay).rejects.toMatchObject({
      code: "ID_FIELD_TAKEN",
      table: "B",
      field: "oldDocumentId",
    });
    expect(delivered).toEqual(["block 0", "block 1"]);
  });
});
