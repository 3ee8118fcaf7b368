// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import {
  BaseRevisionWriter,
  createLoader,
  decodeEvents,
  type Delivery,
  FileReceiptSink,
  keepReceipts,
  type Ledger,
  type Loader,
  type LoadReceipt,
  parkFailures,
  ReceiptsUnwrittenError,
} from "@ledger-loader/core";
import { startTestLedger, type TestLedger } from "../../test/test-ledger";

let ledger: TestLedger;
let connection: Ledger;
let folder: string;
beforeAll(async () => {
  ledger = await startTestLedger({ Vehicle: "oldDocumentId" });
  connection = ledger.connect();
  folder = mkdtempSync(join(tmpdir(), "receipts-"));
});
afterAll(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true });
});

const loaderInto = (): Loader =>
  createLoader({ ledger: connection, writer: new BaseRevisionWriter(), tellRevisions: true });

function receiptsIn(file: string): readonly LoadReceipt[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as LoadReceipt);
}

let next = 0;
function delivery(...events: readonly object[]): Delivery {
  const body = events.map((event) => JSON.stringify({ table: "Vehicle", ...event })).join("\n");
  next += 1;
  return { deliveryId: `m${next}`, origin: `q/${next}`, body, decode: () => decodeEvents(body) };
}

/** The ledger's revisions of a document, in order, as a receipt names them. */
async function historyOf(documentId: string): Promise<readonly object[]> {
  const rows = await connection.transact((transaction) =>
    transaction.execute(
      `SELECT h.blockAddress AS a, h.hash AS h, h.metadata AS m FROM history("Vehicle") AS h`,
    ),
  );
  return rows
    .filter((row) => row.get("m", "id")?.stringValue() === documentId)
    .map((row) => ({
      documentId,
      version: row.get("m", "version")?.numberValue(),
      blockAddress: {
        strandId: row.get("a", "strandId")?.stringValue(),
        sequenceNo: row.get("a", "sequenceNo")?.numberValue(),
      },
      hash: Buffer.from(row.get("h")?.uInt8ArrayValue() ?? []).toString("base64"),
      txId: row.get("m", "txId")?.stringValue(),
    }));
}

it("every event that ended has a receipt that names its revision as the ledger holds it", async () => {
  const file = join(folder, "versions.jsonl");
  const loader = keepReceipts(loaderInto(), { sink: new FileReceiptSink(file), ledger: connection });
  const events = [
    { op: "INSERT", id: "a", version: 0, data: { n: 0 } },
    { op: "UPDATE", id: "a", version: 1, data: { n: 1 } },
    { op: "DELETE", id: "a", version: 2 },
  ];
  const insertions = events.map((event) => delivery(event));
  await loader.load(insertions, { onFailure: "continue" });
  // All of them again: each is recognized, and has a receipt with the same revision.
  await loader.load(insertions, { onFailure: "continue" });
  const receipts = receiptsIn(file);
  expect(receipts.map(({ outcome, source }) => [outcome, source])).toEqual(
    ["written", "skipped"].flatMap((outcome) => insertions.map(({ origin }) => [outcome, origin])),
  );
  const history = await historyOf(receipts[0]?.revision?.documentId ?? "");
  expect(history).toHaveLength(3);
  expect(receipts.map(({ revision }) => revision)).toEqual([...history, ...history]);
  expect(receipts[0]?.event).toEqual({ op: "INSERT", table: "Vehicle", id: '"a"', version: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("positions name the revision that each of them wrote, and what is not known is said", async () => {
  const file = join(folder, "positions.jsonl");
  const loader = keepReceipts(loaderInto(), { sink: new FileReceiptSink(file), ledger: connection });
  const at = (op: string, position: number, data?: object) =>
    delivery({ op, id: "p", position: [position], data });
  await loader.load(
    [
      at("INSERT", 1, { n: 1 }),
      at("UPDATE", 3, { n: 3 }),
      at("UPDATE", 2, { n: 2 }),
      at("UPDATE", 4, { n: 4 }),
    ],
    { onFailure: "continue" },
  );
  await loader.load([at("UPDATE", 2, { n: 2 }), delivery({ op: "INSERT", data: { n: 0 } })], {
    onFailure: "continue",
  });
  await loader.load([at("DELETE", 5)], { onFailure: "continue" });
  const receipts = receiptsIn(file);
  const history = await historyOf(receipts[0]?.revision?.documentId ?? "");
  // A batch is put in the order of its positions: 1, 2, 3, 4.
  expect(receipts.map(({ revision }) => revision?.version)).toEqual([0, 2, 1, 3, undefined, undefined, 4]);
  expect(receipts.flatMap(({ revision }) => revision ?? [])).toEqual(
    [0, 2, 1, 3, 4].map((version) => history[version]),
  );
  expect(receipts.slice(4, 6).map(({ reason, unknown }) => [reason, unknown])).toEqual([
    ["superseded", "a later position was applied before: this revision is not kept"],
    [undefined, "the event has no id, so its document cannot be found"],
  ]);
  expect(receipts[1]?.event?.position).toEqual(["3"]);
});

it("what comes again has no receipt before it ends; what is parked has one", async () => {
  const file = join(folder, "failed.jsonl");
  const options = { sink: new FileReceiptSink(file), ledger: connection };
  const early = delivery({ op: "UPDATE", id: "late", version: 1, data: {} });
  const report = await keepReceipts(loaderInto(), options).load(
    [early, delivery({ op: "INSERT", id: "b", version: 0, data: {} })],
    { onFailure: "continue" },
  );
  expect(report.failed).toHaveLength(1);
  expect(receiptsIn(file)).toMatchObject([{ outcome: "written", event: { id: '"b"' } }]);
  const parking = parkFailures(loaderInto(), {
    sink: { park: () => Promise.resolve() },
    channel: "sqs",
    waitMs: 0,
  });
  await keepReceipts(parking, options).load([early], { onFailure: "continue" });
  expect(receiptsIn(file)[1]).toMatchObject({
    outcome: "rejected",
    reason: "version-gap",
    parked: true,
    unknown: "the event was not applied",
  });
});

it("nothing is acknowledged while receipts cannot be written, and then nothing is lost", async () => {
  const events = [delivery({ op: "INSERT", id: "c", version: 0, data: {} })];
  const nowhere = new FileReceiptSink(join(folder, "no", "such", "folder"));
  const refusing = keepReceipts(loaderInto(), { sink: nowhere, ledger: connection });
  await expect(refusing.load(events, { onFailure: "continue" })).rejects.toThrow(ReceiptsUnwrittenError);
  const file = join(folder, "again.jsonl");
  const loader = keepReceipts(loaderInto(), { sink: new FileReceiptSink(file), ledger: connection });
  await loader.load(events, { onFailure: "continue" });
  const [receipt] = receiptsIn(file);
  expect(receipt).toMatchObject({ outcome: "skipped", reason: "already-applied", revision: { version: 0 } });
  expect(await historyOf(receipt?.revision?.documentId ?? "")).toEqual([receipt?.revision]);
});
