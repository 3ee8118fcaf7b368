// SPDX-License-Identifier: MIT
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type EventFields, type Loader, type LoaderOptions } from "@ledger-loader/core";
import { dom } from "ion-js";
import { event, freshId, loaderInto } from "../test/fresh-events";
import { loadEvents, outcomesOf, toDeliveries } from "../test/load-events";
import { startTestLedger, type TestLedger } from "../test/test-ledger";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await startTestLedger({ T: "oldDocumentId", U: "oldDocumentId", NoIndex: "other" });
});
afterAll(() => ledger.close());

const loaderWith = (options: Partial<LoaderOptions> = {}): Loader => loaderInto(ledger, options);

const historyOf = (id: string): Promise<readonly (string | undefined)[]> => ledger.historyOf("T", id);

describe("With versions, a loader", () => {
  it("writes a history in order, whatever order it comes in, and twice is once", async () => {
    const id = freshId();
    const loader = loaderWith();
    const history = [
      event({ id, version: 0, data: { n: 0 } }),
      event({ id, version: 1, op: "UPDATE", data: { n: 1 } }),
      event({ id, version: 2, op: "DELETE" }),
      event({ id, version: 3, data: { n: 3 } }),
      event({ id, version: 4, op: "ANY", data: { n: 4 } }),
      event({ id, version: 5, op: "ANY" }),
      event({ id, version: 6, data: { n: 6 } }),
    ];
    expect(await loadEvents(loader, history.toReversed())).toEqual(Array(7).fill("written"));
    const once = await historyOf(id);
    expect(once.toSorted()).toEqual(["{n:0}", "{n:1}", "{n:3}", "{n:4}", "{n:6}", undefined, undefined]);
    expect(await loadEvents(loader, history)).toEqual(Array(7).fill("skipped already-applied"));
    expect(await historyOf(id)).toEqual(once);
  });

  it("rejects what comes after a gap, retryably, and goes on with lower versions and other records", async () => {
    const [id, other] = [freshId(), freshId()];
    const report = await loaderWith().load(
      toDeliveries([
        event({ id, version: 0, data: { n: 0 } }),
        event({ id, version: 2, op: "UPDATE", data: { n: 2 } }),
        event({ id, version: 3, op: "UPDATE", data: { n: 3 } }),
        event({ id: other, version: 0, data: {} }),
      ]),
      { onFailure: "continue" },
    );
    expect(outcomesOf(report)).toEqual([
      "written",
      "rejected version-gap",
      "rejected version-gap",
      "written",
    ]);
    expect(report.failed.map(({ deliveryId }) => deliveryId)).toEqual(["1", "2"]);
    expect(report.failed[0]?.events[0]?.outcome).toMatchObject({
      retryable: true,
      detail: /version 1.* found 2/,
    });
    expect(
      await loadEvents(loaderWith(), [
        event({ id, version: 3, op: "UPDATE", data: { n: 3 } }),
        event({ id, version: 1, op: "UPDATE", data: { n: 1 } }),
        event({ id, version: 2, op: "UPDATE", data: { n: 2 } }),
      ]),
    ).toEqual(["written", "written", "written"]);
  });

  it("rejects a version that the ledger holds with other content, current and past", async () => {
    const id = freshId();
    const loader = loaderWith();
    await loadEvents(loader, [
      event({ id, version: 0, data: { n: 1.5 } }),
      event({ id, version: 1, op: "UPDATE", data: { n: 1 } }),
    ]);
    expect(
      await loadEvents(loader, [
        event({ id, version: 0, data: { n: 2.5 } }),
        event({ id, version: 1, op: "UPDATE", data: { n: "1" } }),
        event({ id, version: 1, op: "DELETE" }),
      ]),
    ).toEqual(Array(3).fill("rejected conflicting-revision"));
  });

  it("starts mid-history only where that is allowed, and records where", async () => {
    const [id, gone] = [freshId(), freshId()];
    const late = [
      event({ id, version: 7, op: "UPDATE", data: { n: 7 } }),
      event({ id: gone, version: 4, op: "DELETE" }),
    ];
    expect(await loadEvents(loaderWith(), late)).toEqual(Array(2).fill("rejected version-gap"));
    const loader = loaderWith({ startMidHistory: true });
    expect(await loadEvents(loader, late)).toEqual(["written", "written"]);
    expect(await loadEvents(loader, late)).toEqual(Array(2).fill("skipped already-applied"));
    expect(
      await loadEvents(loader, [
        event({ id, version: 6, op: "UPDATE", data: { n: 6 } }),
        event({ id, version: 8, op: "UPDATE", data: { n: 8 } }),
        event({ id: gone, version: 5, data: { n: 5 } }),
        event({ id: gone, version: 4, op: "DELETE" }),
        event({ id: gone, version: 3, data: {} }),
      ]),
    ).toEqual([
      "rejected before-start",
      "written",
      "written",
      "skipped already-applied",
      "rejected before-start",
    ]);
    expect(await historyOf(id)).toEqual(["{n:7}", "{n:8}"]);
  });

  it("keeps books only of records that need it", async () => {
    const before = (await ledger.history("LedgerLoaderBookkeeping")).length;
    const [plain, deleted] = [freshId(), freshId()];
    await loadEvents(loaderWith(), [
      event({ id: plain, version: 0, data: {} }),
      event({ id: plain, version: 1, op: "UPDATE", data: {} }),
      event({ id: deleted, version: 0, data: {} }),
      event({ id: deleted, version: 1, op: "DELETE" }),
    ]);
    expect((await ledger.history("LedgerLoaderBookkeeping")).length).toBe(before + 1);
  });

  it("notices that somebody else deleted or created a document", async () => {
    const id = freshId();
    const loader = loaderWith();
    await loadEvents(loader, [
      event({ id, version: 0, data: {} }),
      event({ id, version: 1, op: "DELETE" }),
      event({ id, version: 2, data: {} }),
    ]);
    await ledger.run("DELETE FROM T WHERE oldDocumentId = ?", dom.Value.from(id));
    expect(await loadEvents(loader, [event({ id, version: 3, op: "UPDATE", data: {} })])).toEqual([
      "rejected externally-changed",
    ]);
    await ledger.run("INSERT INTO T ?", dom.Value.from({ oldDocumentId: id }));
    await ledger.run("INSERT INTO T ?", dom.Value.from({ oldDocumentId: id }));
    expect(await loadEvents(loader, [event({ id, version: 3, op: "UPDATE", data: {} })])).toEqual([
      "rejected duplicate-documents",
    ]);
  });
});

describe("With positions, a loader", () => {
  it("applies what is later, skips what is earlier and tells the same from another", async () => {
    const id = freshId();
    const loader = loaderWith();
    const at = (position: number[], fields: Partial<EventFields>) =>
      event({ id, op: "ANY", position, ...fields });
    expect(
      await loadEvents(loader, [at([10, 0], { data: { n: 1 } }), at([20, 0], { data: { n: 2 } })]),
    ).toEqual(["written", "written"]);
    expect(
      await loadEvents(loader, [
        at([15, 9], { data: { n: 3 } }),
        at([20, 0], { data: { n: 2 } }),
        at([20, 0], { data: { n: 4 } }),
        at([20, 0], {}),
      ]),
    ).toEqual([
      "skipped superseded",
      "skipped already-applied",
      "rejected ambiguous-order",
      "rejected ambiguous-order",
    ]);
    expect(await loadEvents(loader, [at([30], {}), at([30], {})])).toEqual([
      "written",
      "skipped already-applied",
    ]);
    expect(await loadEvents(loader, [at([25], { data: { n: 5 } })])).toEqual(["skipped superseded"]);
    expect(await loadEvents(loader, [at([31], { op: "UPDATE", data: {} })])).toEqual([
      "rejected missing-document",
    ]);
    expect(await loadEvents(loader, [at([32], { op: "INSERT", data: { n: 6 } })])).toEqual(["written"]);
    expect((await historyOf(id)).toSorted()).toEqual(["{n:1}", "{n:2}", "{n:6}", undefined]);
  });
});

describe("With neither, a loader", () => {
  it("takes equal content for a redelivery, also of a deletion", async () => {
    const id = freshId();
    const loader = loaderWith();
    const insert = event({ id, data: { n: 1 } });
    const remove = event({ id, op: "DELETE" });
    expect(await loadEvents(loader, [insert, insert, event({ id, op: "UPDATE", data: { n: 1 } })])).toEqual([
      "written",
      "skipped already-applied",
      "skipped already-applied",
    ]);
    expect(await loadEvents(loader, [event({ id, data: { n: 2 } })])).toEqual(["rejected document-exists"]);
    expect(await loadEvents(loader, [remove, remove])).toEqual(["written", "skipped already-applied"]);
  });

  it("stops the record's lane at its first failure, and no other lane", async () => {
    const [id, other] = [freshId(), freshId()];
    expect(
      await loadEvents(loaderWith(), [
        event({ id, op: "UPDATE", data: { n: 1 } }),
        event({ id, data: { n: 2 } }),
        event({ id: other, data: {} }),
      ]),
    ).toEqual(["rejected missing-document", "rejected held-up", "written"]);
  });
});

describe("In lenient mode, a loader", () => {
  it("skips updates and deletions of what is not there", async () => {
    const id = freshId();
    expect(
      await loadEvents(loaderWith({ strictness: "lenient" }), [
        event({ id, op: "UPDATE", data: {} }),
        event({ id, op: "DELETE" }),
      ]),
    ).toEqual(Array(2).fill("skipped missing-document"));
  });
});
